"""What this process holds open of the runs of a store: journals, clocks, and how each run is interrupted.

The store is only where things are kept; whatever ends with the process is here. It is found by its store
(``open_runs(store)``), and a forked child begins with nothing: its parent goes on with all of it.
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
    """One run.

    A run that another process has, or that has ended, is here with a journal alone: MLflow's clients
    log to any run.
    """

    started: float | None = None
    """When this process started or resumed it, by the clock that is never set."""
    is_unlogged: bool = False
    """Whether it is new and nobody has logged to it yet, so no metric of it needs to be looked up."""
    writer: JournalWriter | None = None


class OpenRuns:
    """The runs of one store that this process has open, by the run's key; safe for threads."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self.lock = threading.RLock()
        """Held where a journal is opened, and where the heartbeat starts or ends."""
        self._runs: dict[int, _OpenRun] = {}
        # apart from the runs: a cell may end its run and resume it, and is still to be interrupted
        self._cancel_handlers: dict[int, Callable[[], None]] = {}
        self._readers: dict[Path, JournalReader] = {}
        self._retired: list[str] = []
        self.heartbeat: threading.Thread | None = None
        """The thread of services/run/heartbeat.py, once there was a run."""

    def begin(self, key: int, *, is_new: bool) -> None:
        """Note that this process has started a run, or resumed it."""
        run = self._runs.setdefault(key, _OpenRun())
        run.started = time.monotonic()
        run.is_unlogged = run.is_unlogged or is_new

    def begin_earlier(self, key: int, seconds: float) -> None:
        """Let a run have taken so many seconds more."""
        run = self._runs[key]
        if run.started is not None:
            run.started -= seconds

    def end(self, key: int) -> None:
        """Note that this process has ended a run, or has it no longer."""
        self._runs.pop(key, None)

    def has(self, key: int) -> bool:
        """Whether this process started a run, or resumed it, and has not ended it."""
        return self.seconds(key) is not None

    def keys(self) -> set[int]:
        """The runs that this process started or resumed and has not ended."""
        return {key for key, run in list(self._runs.items()) if run.started is not None}

    def seconds(self, key: int) -> float | None:
        """How long a run of this process has been open; None of one that it did not start."""
        run = self._runs.get(key)
        return None if run is None or run.started is None else time.monotonic() - run.started

    def are_there(self) -> bool:
        """Whether anything is open, be it only a journal."""
        return bool(self._runs)

    # -- journals -------------------------------------------------------------------------------

    def writer(self, key: int) -> JournalWriter | None:
        """The journal in which this process logs to a run, if it does."""
        run = self._runs.get(key)
        return None if run is None else run.writer

    def writers(self) -> list[JournalWriter]:
        """All journals that this process writes."""
        return [run.writer for run in list(self._runs.values()) if run.writer is not None]

    def is_unlogged(self, key: int) -> bool:
        """Whether this process started a run and nobody has logged to it yet."""
        run = self._runs.get(key)
        return run is not None and run.is_unlogged

    def add_writer(self, writer: JournalWriter) -> None:
        """Log to a run by this journal from now on."""
        run = self._runs.setdefault(writer.run_key, _OpenRun())
        run.writer, run.is_unlogged = writer, False

    def remove_writer(self, writer: JournalWriter) -> None:
        """Log no more by a journal; the run stays open if this process has it."""
        with self.lock:
            run = self._runs.get(writer.run_key)
            if run is not None and run.writer is writer:
                run.writer = None
                if run.started is None:
                    del self._runs[writer.run_key]

    def lose(self, why: AmlError) -> None:
        """Refuse all further logging, since the store is no longer there; each log raises this error."""
        for writer in self.writers():
            writer.lose(why)

    def reader(self, path: Path) -> JournalReader | None:
        """What has read a journal into the catalogue so far."""
        return self._readers.get(path)

    def keep_reader(self, path: Path, reader: JournalReader) -> None:
        """Go on with a reader where it is, at the next time."""
        self._readers[path] = reader

    def retire(self, path: Path) -> None:
        """Note that a journal was read in and removed, so that its mark in the catalogue can go."""
        self._readers.pop(path, None)
        self._retired.append(path.name)

    def retired(self) -> list[str]:
        """Names of journals whose marks can go."""
        return self._retired[:]

    def forget_retired(self, names: list[str]) -> None:
        """Note that the marks of journals are gone; two threads may have removed the same ones."""
        with self.lock:
            self._retired[:] = [name for name in self._retired if name not in names]

    def close(self) -> None:
        """Close all journals and forget the runs.

        Raises:
            StoreFullError: logged values wait for room on the device.
        """
        for writer in self.writers():
            writer.close()
        self._runs.clear()
        self._retired.clear()  # marks are small; at exit nothing waits for a database because of them

    # -- cancel (see services/run/cancel.py) ----------------------------------------------------

    def set_cancel_handler(self, key: int, handler: Callable[[], None]) -> None:
        """Have this called when a run of this process is to be canceled, in place of ending the run."""
        self._cancel_handlers[key] = handler

    def remove_cancel_handler(self, key: int) -> None:
        """Let a run be ended when it is to be canceled, as one without a handler."""
        self._cancel_handlers.pop(key, None)

    def cancel_handler(self, key: int) -> Callable[[], None] | None:
        """What interrupts a run, if anything does."""
        return self._cancel_handlers.get(key)

    def abandon(self) -> None:
        """Begin anew in a forked child."""
        for writer in self.writers():
            writer.abandon()
        self._reset()


_by_store: weakref.WeakKeyDictionary[Store, OpenRuns] = weakref.WeakKeyDictionary()


def open_runs(store: Store) -> OpenRuns:
    """What this process holds open of a store."""
    found = _by_store.get(store)
    return _by_store.setdefault(store, OpenRuns()) if found is None else found


def _after_fork() -> None:
    for runs in list(_by_store.values()):
        runs.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
