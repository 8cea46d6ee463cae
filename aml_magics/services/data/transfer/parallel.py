"""Several files at once, and the caller is told of each in its own thread.

An interrupt of the caller ends what goes on in a file system's loop, and leaves what has not begun.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterable, Sequence

T = TypeVar("T")
Told = tuple[T, bool]
"""An item, and whether it is done; it has begun otherwise."""

_PAUSE: Final = 0.05
"""Seconds between two looks at what has been done."""


class Work(Generic[T]):
    """Items that are worked on, ``width`` at a time.

    Args:
        items: what to work on, begun in this order.
        width: how many at once.
    """

    def __init__(self, items: Sequence[T], width: int) -> None:
        self._items = iter(items)
        self._width = max(1, min(width, len(items)))
        self._lock = threading.Lock()
        self._signals: deque[Told[T]] = deque()
        self._working = 0
        self._is_over = threading.Event()

    def in_threads(self, act: Callable[[T], None]) -> Generator[Told[T]]:
        """Call a function for each; the first exception ends all, and is raised."""

        def worker() -> None:
            while (item := self._next()) is not None:
                self._signals.append((item[0], False))
                act(item[0])
                self._signals.append((item[0], True))

        with ThreadPoolExecutor(self._width) as pool:
            yield from self._told([pool.submit(worker) for _ in range(self._width)])

    def in_loop(
        self, loop: asyncio.AbstractEventLoop, act: Callable[[T], Awaitable[None]]
    ) -> Generator[Told[T]]:
        """As :meth:`in_threads`, with a coroutine in a loop that runs in another thread."""

        async def worker() -> None:
            while (item := self._next()) is not None:
                self._signals.append((item[0], False))
                await act(item[0])
                self._signals.append((item[0], True))

        async def all_workers() -> None:
            tasks = [asyncio.ensure_future(worker()) for _ in range(self._width)]
            try:
                await asyncio.gather(*tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

        return self._told([asyncio.run_coroutine_threadsafe(all_workers(), loop)])

    def _next(self) -> tuple[T] | None:
        with self._lock:
            return next(((item,) for item in self._items), None)

    def _told(self, workers: Sequence[Future[None]]) -> Generator[Told[T]]:
        self._working = len(workers)
        for one in workers:
            one.add_done_callback(self._ended)
        try:
            # Woken for each file, this thread would take the interpreter from those that move them.
            while not self._is_over.wait(_PAUSE):
                yield from self._drained()
            yield from self._drained()
        finally:
            self._stop(workers)
        for one in workers:
            one.result()

    def _drained(self) -> Generator[Told[T]]:
        while self._signals:
            yield self._signals.popleft()

    def _ended(self, worker: Future[None]) -> None:
        if worker.cancelled() or worker.exception() is not None:
            self._leave_the_rest()
        with self._lock:
            self._working -= 1
            if not self._working:
                self._is_over.set()

    def _stop(self, workers: Iterable[Future[None]]) -> None:
        if any(not one.done() for one in workers):
            self._leave_the_rest()
            for one in workers:
                one.cancel()

    def _leave_the_rest(self) -> None:
        with self._lock:
            self._items = iter(())
