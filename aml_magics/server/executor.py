"""Thread pools that read workspaces, so that the server's event loop never blocks.

Each workspace has its own executor, so that a database that does not answer delays no other workspace.
Nothing here is imported before the first question.
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from aml_magics.errors import InvalidNameError, WorkspaceNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from aml_magics.store.store import Store

T = TypeVar("T")
THREADS: Final = 4
MOST_EXECUTORS: Final = 64

_executors: OrderedDict[str, WorkspaceExecutor] = OrderedDict()
_lock = threading.Lock()


class WorkspaceExecutor:
    """Runs work on the store of a workspace, which need not exist."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=f"aml_magics-{name[:20]}")

    async def run(self, work: Callable[[Store], T]) -> T:
        """Run ``work`` in a thread and return its result.

        Raises:
            WorkspaceNotFoundError: this server's home has no such workspace.
            StoreError: it cannot be opened, or does not answer.
        """
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, lambda: work(self._store()))
        except (WorkspaceNotFoundError, InvalidNameError):
            with _lock:
                if _executors.get(self._name) is self:
                    del _executors[self._name]
            raise

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Start work in a thread of the workspace."""
        return self._threads.submit(work)

    def _store(self) -> Store:
        from aml_magics.services.workspace.workspace import (
            open_named,  # loads the database's client
        )

        return open_named(self._name)  # opening returns one shared handle per process


def executor_of(name: str) -> WorkspaceExecutor:
    """The executor of a workspace; the least recently used ones are dropped."""
    with _lock:
        found = _executors.get(name)
        if found is None:
            found = _executors[name] = WorkspaceExecutor(name)
        _executors.move_to_end(name)
        while len(_executors) > MOST_EXECUTORS:
            _executors.popitem(last=False)  # its threads end after their work
        return found


class HomeExecutor:
    """Runs work on all workspaces of this user."""

    def __init__(self, threads: int = 2) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="aml_magics-home")

    async def run(self, work: Callable[[], T]) -> T:
        """Run ``work`` in a thread and return its result."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


home_executor: Final = HomeExecutor()
