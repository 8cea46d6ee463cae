"""What is costly to open and asked again soon stays open for a while, such as a comparison that is shown by pages."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections import OrderedDict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator


class Closable(Protocol):
    """Something that is open."""

    def close(self) -> None:
        """Close it."""


T = TypeVar("T", bound=Closable)


@dataclass(slots=True)
class _Entry(Generic[T]):
    process: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held by the thread that uses the value."""
    value: T | None = None
    used: float = 0.0
    is_over: bool = False


class KeptOpen(Generic[T]):
    """Open values by a key, each used by one thread at a time.

    Args:
        most: so many stay open; those go first that were not used for the longest time.
        seconds: for which an unused one stays open.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, _Entry[T]] = OrderedDict()
        self._timer: threading.Timer | None = None
        atexit.register(self.close)

    def __len__(self) -> int:
        return len(self._entries)

    @contextmanager
    def using(self, key: Hashable, make: Callable[[], T]) -> Iterator[T]:
        """Use the value of a key, made if there is none; one that raises is closed and forgotten."""
        entry = self._taken(key)
        try:
            with ExitStack() as unless_it_works:
                unless_it_works.callback(self._end, entry)
                if entry.value is None:
                    entry.value = make()
                yield entry.value
                unless_it_works.pop_all()
        finally:
            entry.used = time.monotonic()
            entry.lock.release()
            self._trim()

    def close(self) -> None:
        """Close all that nobody uses."""
        self._trim(most=0)

    def _taken(self, key: Hashable) -> _Entry[T]:
        """The entry of a key, locked by this thread."""
        while True:
            with self._lock:
                entry = self._entries.get(key)
                # what a fork copied belongs to the parent's threads: it is left alone
                if entry is None or entry.process != os.getpid():
                    entry = self._entries[key] = _Entry(os.getpid())
                self._entries.move_to_end(key)
            entry.lock.acquire()
            if not entry.is_over:
                return entry
            entry.lock.release()

    def _trim(self, most: int | None = None) -> None:
        """Close what is too old or too many, and look again when the next may be too old."""
        most = self._most if most is None else most
        with self._lock:
            own = [one for one in self._entries.values() if one.process == os.getpid()]
            old = time.monotonic() - self._seconds
            due = [one for at, one in enumerate(reversed(own)) if at >= most or one.used <= old]
            for entry in due:
                if entry.lock.acquire(blocking=False):
                    self._close(entry)
                    entry.lock.release()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._entries and most:
                self._timer = threading.Timer(self._seconds, self._trim)
                self._timer.daemon = True
                self._timer.start()

    def _end(self, entry: _Entry[T]) -> None:
        with self._lock:
            self._close(entry)

    def _close(self, entry: _Entry[T]) -> None:
        entry.is_over = True
        for key in [key for key, one in self._entries.items() if one is entry]:
            del self._entries[key]
        if entry.value is not None:
            entry.value.close()
