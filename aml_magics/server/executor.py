"""The desk of a workspace: its store, and the few threads in which it is asked.

Each workspace has threads of its own, so that one whose database does not answer keeps nobody of
another waiting. Nothing here is loaded before the first question.
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
MOST_DESKS: Final = 64

_desks: OrderedDict[str, Desk] = OrderedDict()
_lock = threading.Lock()


class Desk:
    """Where a workspace is asked.

    Args:
        name: of the workspace, which need not exist.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=f"aml_magics-{name[:20]}")

    async def ask(self, work: Callable[[Store], T]) -> T:
        """What ``work`` returns, done in a thread.

        Raises:
            WorkspaceNotFoundError: this server's home has no such workspace.
            StoreError: it cannot be opened, or does not answer.
        """
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, lambda: work(self._store()))
        except (WorkspaceNotFoundError, InvalidNameError):
            with _lock:
                if _desks.get(self._name) is self:
                    del _desks[self._name]
            raise

    def begin(self, work: Callable[[], T]) -> Future[T]:
        """Have something done in a thread of the workspace."""
        return self._threads.submit(work)

    def _store(self) -> Store:
        from aml_magics.services.workspace.workspace import open_named

        return open_named(self._name)  # one handle a process, however often it is opened


def desk_of(name: str) -> Desk:
    """The desk of a workspace; those that were not used for longest give way."""
    with _lock:
        desk = _desks.get(name)
        if desk is None:
            desk = _desks[name] = Desk(name)
        _desks.move_to_end(name)
        while len(_desks) > MOST_DESKS:
            _desks.popitem(last=False)  # its threads end with their work
        return desk


class HomeDesk:
    """Where all workspaces of this user are asked about."""

    def __init__(self, threads: int = 2) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="aml_magics-home")

    async def ask(self, work: Callable[[], T]) -> T:
        """What ``work`` returns, done in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


home_desk: Final = HomeDesk()
