"""Lazy imports of heavy packages.

numpy takes as long to import as this whole package, and a process that begins a run without logging a
number needs none.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Deferred:
    """Stands for a module until one of its names is used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- anything that a module has
        value = getattr(import_module(self._name), name)
        setattr(self, name, value)  # later lookups bypass this method
        return value
