"""Imports what the first run needs while the user writes its cell.

The modules behind a run take 200 ms and more to import, SQLAlchemy most of them. Loading them with the
extension would make ``%load_ext`` slow for those who only look.

A kernel's main thread waits in an event loop between two cells, and imports one module after the other
there. A thread of its own would not do: where two threads import modules that import each other in a
circle, as SQLAlchemy's do, Python lets one of them see half a module rather than wait for ever, and the
user's next cell may import any of them. Also a process that is forked meanwhile would wait for ever.
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
"""Seconds without a cell before an import: while cells follow each other, none waits for one."""

PAUSE: Final = 0.02
"""Seconds between two imports, in which a cell that has come is run first."""

MODULES: Final = (
    *("sqlalchemy", "sqlalchemy.dialects.sqlite", "aml_magics.store.store"),
    *("aml_magics.sdk.run.run", "aml_magics.views.run.static", "aml_magics.magics.options"),
    "aml_magics.magics.cell.run",
    "numpy",  # which the first logged number needs
)
"""Each imports what is above it, so that as few as possible are long."""


class Preload:
    """The imports that are still to be made; none outside of an event loop, as in a terminal.

    Args:
        shell: counts the cells.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._count = 0
        self._names = iter(MODULES)
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin some time after the running cell."""
        if threading.current_thread() is not threading.main_thread():
            return  # a subshell of the kernel, whose loop is another thread's
        with contextlib.suppress(RuntimeError):  # no event loop
            self._timer = asyncio.get_running_loop().call_later(IDLE, self._import)

    def stop(self) -> None:
        """Import no further module."""
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
