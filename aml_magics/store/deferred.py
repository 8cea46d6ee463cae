"""Packages that are imported when they are first used, and imports that a fork never cuts in two.

numpy takes as long to import as this whole package, and a process that begins a run to which it logs
no number needs none.
"""

from __future__ import annotations

import logging  # noqa: F401 -- see below: its fork hook must be registered before ours
import os
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

_importing = threading.RLock()


def import_whole(name: str) -> ModuleType:
    """Import a module in any thread; a fork in another thread waits until it is done."""
    with _importing:
        return import_module(name)


class Deferred:
    """Stands for a module until one of its names is used.

    Args:
        name: the module's.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- anything that a module has
        value = getattr(import_whole(self._name), name)
        setattr(self, name, value)  # found without this method from now on
        return value


if hasattr(os, "register_at_fork"):
    # A child inherits the lock of a module that another thread was importing, and the thread that
    # would release it is not there: the child's own import of it would wait for ever. Hooks that come
    # before a fork run in reverse order, so logging's lock, which modules take as they are imported,
    # is taken after this one.
    os.register_at_fork(
        before=_importing.acquire,
        after_in_parent=_importing.release,
        after_in_child=_importing.release,
    )
