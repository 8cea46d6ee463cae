"""Import modules for the first run while the user writes its cell.

The modules behind a run take 200 ms and more to import, SQLAlchemy most of them. Loading them with the
extension would slow ``%load_ext`` for users who run nothing.

A kernel's main thread waits in an event loop between two cells, and imports one module after the other
there. A separate thread would not do: if two threads import modules that import each other in a
circle, as SQLAlchemy's do, Python lets one of them see half a module rather than deadlock, and the
user's next cell may import any of them. Also, a process forked meanwhile would wait for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

IDLE: Final = 0.15
"""Seconds without a cell before an import, so that no cell in a quick sequence waits for one."""

PAUSE: Final = 0.02
"""Seconds between two imports, in which a waiting cell runs first."""

MODULES: Final = (
    *("sqlalchemy", "sqlalchemy.dialects.sqlite", "aml_magics.store.store"),
    *("aml_magics.sdk.run.run", "aml_magics.views.run.static", "aml_magics.magics.options"),
    "aml_magics.magics.cell.run",
    "numpy",  # which the first logged number needs
)
"""Each imports the ones above it, so that as few as possible take long."""


class Preload:
    """The remaining imports; empty without an event loop, as in a terminal.

    Args:
        shell: counts the cells.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._count = 0
        self._names = iter(MODULES)
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start some time after the running cell."""
        if threading.current_thread() is not threading.main_thread():
            return  # a subshell of the kernel, whose loop is another thread's
        with contextlib.suppress(RuntimeError):  # no event loop
            self._timer = asyncio.get_running_loop().call_later(IDLE, self._import)

    def stop(self) -> None:
        """Stop importing."""
        if self._timer is not None:
            self._timer.cancel()

    def _import(self) -> None:
        pause = PAUSE
        if self._shell.execution_count != self._count:
            self._count = self._shell.execution_count
            pause = IDLE
        elif name := next(self._names, None):
            # Whatever is wrong with a package, the cell that needs it raises it where it can be read.
            with contextlib.suppress(Exception):
                import_module(name)
        else:
            return
        self._timer = asyncio.get_running_loop().call_later(pause, self._import)
