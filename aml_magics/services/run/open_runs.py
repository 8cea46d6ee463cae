"""A store's open runs in this process: their journals, start times and cancel handlers.

The store itself has no process state; it is all here, found by its store (``open_runs(store)``). A forked child
begins empty: its parent keeps all open runs.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aml_magics.errors import AmlError
    from aml_magics.store.journal.journal import JournalWriter
    from aml_magics.store.journal.reader import JournalReader
    from aml_magics.store.store import Store


@dataclass(slots=True)
class _OpenRun:
    """One run; of another process or ended, it has only a journal: MLflow's clients log to any run."""

    started: float | None = None
    """When this process started or resumed it, by the monotonic clock."""
    is_unlogged: bool = False
    """Whether it is new and has no points, so that no metric needs a look-up."""
    writer: JournalWriter | None = None


class OpenRuns:
    """A store's open runs in this process, by the run's key; thread-safe."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self.lock = threading.RLock()
        """Held while a journal is opened, and while the heartbeat starts or ends."""
        self._runs: dict[int, _OpenRun] = {}
        # outlives its run: a cell that ends and resumes its run must stay interruptible
        self._cancel_handlers: dict[int, Callable[[], None]] = {}
        self._readers: dict[Path, JournalReader] = {}
        self._retired: list[str] = []
        self.heartbeat: threading.Thread | None = None
        """The thread of services/run/heartbeat.py, once there was a run."""

    def begin(self, key: int, *, is_new: bool) -> None:
        """Add a started or resumed run."""
        run = self._runs.setdefault(key, _OpenRun())
        run.started = time.monotonic()
        run.is_unlogged = run.is_unlogged or is_new

    def begin_earlier(self, key: int, seconds: float) -> None:
        """Move a run's start back by some seconds."""
        run = self._runs[key]
        if run.started is not None:
            run.started -= seconds

    def end(self, key: int) -> None:
        """Remove a run that ended or belongs to another process now."""
        self._runs.pop(key, None)

    def has(self, key: int) -> bool:
        """Whether this process started or resumed a run, and has not ended it."""
        return self.seconds(key) is not None

    def keys(self) -> set[int]:
        """The keys of runs that this process started or resumed and has not ended."""
        return {key for key, run in list(self._runs.items()) if run.started is not None}

    def seconds(self, key: int) -> float | None:
        """How long a run has been open in this process; None if it is not."""
        run = self._runs.get(key)
        return None if run is None or run.started is None else time.monotonic() - run.started

    def are_there(self) -> bool:
        """Whether any run or journal is open."""
        return bool(self._runs)

    # -- journals -------------------------------------------------------------------------------

    def writer(self, key: int) -> JournalWriter | None:
        """This process's journal for a run, if open."""
        run = self._runs.get(key)
        return None if run is None else run.writer

    def writers(self) -> list[JournalWriter]:
        """All open journals of this process."""
        return [run.writer for run in list(self._runs.values()) if run.writer is not None]

    def is_unlogged(self, key: int) -> bool:
        """Whether this process started a run that has no points yet."""
        run = self._runs.get(key)
        return run is not None and run.is_unlogged

    def add_writer(self, writer: JournalWriter) -> None:
        """Log to a run through this journal."""
        run = self._runs.setdefault(writer.run_key, _OpenRun())
        run.writer, run.is_unlogged = writer, False

    def remove_writer(self, writer: JournalWriter) -> None:
        """Stop using a journal; its run stays open."""
        with self.lock:
            run = self._runs.get(writer.run_key)
            if run is not None and run.writer is writer:
                run.writer = None
                if run.started is None:
                    del self._runs[writer.run_key]

    def lose(self, why: AmlError) -> None:
        """Make all further logging raise this error, since the store is gone."""
        for writer in self.writers():
            writer.lose(why)

    def reader(self, path: Path) -> JournalReader | None:
        """A journal's cached reader."""
        return self._readers.get(path)

    def keep_reader(self, path: Path, reader: JournalReader) -> None:
        """Cache a journal's reader for the next read."""
        self._readers[path] = reader

    def retire(self, path: Path) -> None:
        """Note that a journal was read in and removed, so that its mark in the catalogue can go."""
        self._readers.pop(path, None)
        self._retired.append(path.name)

    def retired(self) -> list[str]:
        """Names of journals whose marks can be removed."""
        return self._retired[:]

    def forget_retired(self, names: list[str]) -> None:
        """Note that marks were removed; two threads may have removed the same ones."""
        with self.lock:
            self._retired[:] = [name for name in self._retired if name not in names]

    def close(self) -> None:
        """Close all journals and forget the runs; StoreFullError while logged values wait for disk space."""
        for writer in self.writers():
            writer.close()
        self._runs.clear()
        self._retired.clear()  # marks are small; at exit nothing waits for a database because of them

    # -- cancel (see services/run/cancel.py) ----------------------------------------------------

    def set_cancel_handler(self, key: int, handler: Callable[[], None]) -> None:
        """Call this handler when the run is to be canceled, instead of ending it."""
        self._cancel_handlers[key] = handler

    def remove_cancel_handler(self, key: int) -> None:
        """Remove the handler: canceling then ends the run directly."""
        self._cancel_handlers.pop(key, None)

    def cancel_handler(self, key: int) -> Callable[[], None] | None:
        """A run's cancel handler, if any."""
        return self._cancel_handlers.get(key)

    def abandon(self) -> None:
        """Start empty in a forked child."""
        for writer in self.writers():
            writer.abandon()
        self._reset()


_by_store: weakref.WeakKeyDictionary[Store, OpenRuns] = weakref.WeakKeyDictionary()


def open_runs(store: Store) -> OpenRuns:
    """A store's open runs in this process."""
    found = _by_store.get(store)
    return _by_store.setdefault(store, OpenRuns()) if found is None else found


def _after_fork() -> None:
    for runs in list(_by_store.values()):
        runs.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
