"""An environment: the packages and variables that a script runs with, versioned.

A definition is the JSON that Azure ML writes for an environment, with its names in camel case.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Definition = dict[str, Any]

CURATED_PREFIXES: Final = ("azureml", "microsoft")
"""Prefixes reserved for curated environments."""

_NOT_CONTENT: Final = frozenset({"name", "version", "assetId"})


@dataclass(frozen=True, slots=True)
class EnvironmentRecord:
    """One version of an environment; ``created`` is seconds since the epoch, UTC.

    ``version`` counts from 1 for each name; ``digest`` is that of its definition.
    """

    name: str
    version: int
    digest: str
    created: float
    definition: Definition
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuiltEnvironment:
    """A runnable environment.

    ``python`` is the interpreter's path. ``packages`` are the locked versions. For an interpreter that the
    user manages, ``packages`` is empty, ``folder`` is None, and ``path`` is what it needs on ``PYTHONPATH``
    to import aml_magics and azureml. ``notes`` are lines about differences from the definition.
    """

    python: str
    python_version: str
    digest: str
    folder: str | None = None
    packages: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    size: int = 0


def content_digest(definition: Mapping[str, Any]) -> str:
    """The SHA-256 of a definition without its name and version."""
    content = {name: value for name, value in definition.items() if name not in _NOT_CONTENT}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def is_curated_name(name: str) -> bool:
    """Whether Azure reserves the name for its own environments."""
    return name.lower().startswith(CURATED_PREFIXES)
