"""Wakes a process of a workspace that waits for its next look at the catalogue, so that what is new need not wait for it.

It goes by datagrams to an abstract address of Linux: no file is left of it, and none that a backup trips over. Nobody
depends on it. Where it does not arrive (another machine, another network namespace, another system, a process that was
just killed) the look comes when it is due, as ever; what is to be done lies in the catalogue alone.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

SCHEDULER: Final = "scheduler"
"""The name of the process that starts queued runs; a controller has the id of its run."""

_WORD: Final = b"."
_LONGEST_NAME: Final = 64


def wake(folder: Path, name: str) -> None:
    """Wake a process of this machine, if it is there and waits.

    Args:
        folder: of the workspace.
        name: of the process.
    """
    with contextlib.suppress(OSError), _socket() as channel:
        channel.sendto(_WORD, _address(folder, name))


class WakeUp:
    """What a process is woken by.

    ``handle`` is readable when somebody woke it; it is -1 where that cannot be, or where another process has the name.

    Args:
        folder: of the workspace.
        name: of this process.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._channel: socket.socket | None = None
        with contextlib.suppress(OSError), contextlib.ExitStack() as undo:
            channel = undo.enter_context(_socket())
            channel.bind(_address(folder, name))
            undo.pop_all()
            self._channel = channel

    @property
    def handle(self) -> int:
        """What can be waited for."""
        return -1 if self._channel is None else self._channel.fileno()

    def wait(self, seconds: float) -> None:
        """Wait until somebody wakes this process, for so long at most."""
        if self._channel is None:
            time.sleep(seconds)
            return
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._channel, selectors.EVENT_READ)
            waiting.select(seconds)
        self.hear()

    def hear(self) -> None:
        """Forget who woke it until now: the look that comes sees what they did."""
        if self._channel is not None:
            with contextlib.suppress(BlockingIOError):
                while True:
                    self._channel.recv(len(_WORD))

    def close(self) -> None:
        """Be woken no more."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _socket() -> socket.socket:
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    channel.setblocking(False)
    return channel


def _address(folder: Path, name: str) -> bytes:
    """The address of a process; the folder may have several paths, and any length."""
    place = folder.stat()
    return f"\0aml-magics/{place.st_dev:x}/{place.st_ino:x}/{name[:_LONGEST_NAME]}".encode()
