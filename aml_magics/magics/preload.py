"""Imports what the first run needs while the user still writes its cell.

The modules behind a run take 200 ms and more to import, SQLAlchemy most of them. Loading them with the
extension would make ``%load_ext`` slow for those who only look, so a thread loads them after it.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
from typing import Final

from aml_magics.store.deferred import import_whole

START: Final = 0.1
"""Seconds after ``%load_ext`` before the first import: its own cell has been answered by then."""

PAUSE: Final = 0.02
"""Seconds between two imports, in which a cell gets the interpreter for itself."""

MODULES: Final = (
    *("sqlalchemy.util", "sqlalchemy.sql", "sqlalchemy.engine", "sqlalchemy.dialects.sqlite"),
    *("aml_magics.store.tables.schema", "aml_magics.store.store", "aml_magics.sdk.run.run"),
    "aml_magics.views.run.static",
    "aml_magics.magics.cell.run",
)
"""Each imports what is above it, so that none is long.

numpy is not among them, though the first logged number needs it: many packages look for it in
``sys.modules``, and would find it half imported.
"""


class Preload(threading.Thread):
    """The thread that imports them.

    A cell that needs one of them at once simply imports it itself, or waits for the one under way.
    """

    def __init__(self) -> None:
        # A daemon, since the end of the interpreter must not wait for all of them; but it waits for
        # the one under way: a daemon that is still inside a C extension then could crash it.
        super().__init__(name="aml_magics-preload", daemon=True)
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin, and end no later than the interpreter."""
        atexit.register(self.stop)
        super().start()

    def stop(self) -> None:
        """Import no further module, and wait for the one under way."""
        atexit.unregister(self.stop)
        self._stopped.set()
        self.join()

    def run(self) -> None:
        """Import one module after the other."""
        pause = START
        for name in MODULES:
            if self._stopped.wait(pause):
                return
            # Whatever is wrong with a package, the cell that needs it raises it where it can be read.
            with contextlib.suppress(Exception):
                import_whole(name)
            pause = PAUSE
