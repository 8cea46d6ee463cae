"""The desk of a workspace: its store, and the few threads in which it is asked.

Each workspace has threads of its own, so that one whose database does not answer keeps nobody of
another waiting. Nothing here is loaded before the first question.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.store.store import Store

T = TypeVar("T")
THREADS: Final = 4
MOST_DESKS: Final = 64

_desks: dict[str, Desk] = {}
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
        return await loop.run_in_executor(self._threads, lambda: work(self._store()))

    def _store(self) -> Store:
        from aml_magics.services.workspace import open_named

        return open_named(self._name)  # one handle a process, however often it is opened


def desk_of(name: str) -> Desk:
    """The desk of a workspace; of one that does not exist none is kept."""
    with _lock:
        desk = _desks.get(name)
        if desk is None:
            desk = Desk(name)
            if len(_desks) < MOST_DESKS:
                _desks[name] = desk
        return desk


class HomeDesk:
    """Where all workspaces of this user are asked about."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="aml_magics-home")

    async def ask(self, work: Callable[[], T]) -> T:
        """What ``work`` returns, done in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


home_desk: Final = HomeDesk()
