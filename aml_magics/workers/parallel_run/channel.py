"""A socket between the driver and a worker process, over which whole messages go.

The driver must never wait for the rest of a message: the process that sends it may be dead while a fork of it keeps
the socket open, or stopped. So what has come is kept until it is whole, and only a worker process waits.
"""

from __future__ import annotations

import os
import pickle
import socket
import struct
from contextlib import suppress
from typing import Any, Final, Self

_LENGTH: Final = struct.Struct("!Q")
_CHUNK: Final = 1 << 20


class Channel:
    """One end of it.

    Args:
        end: a connected stream socket; closed with the channel.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._come = bytearray()

    @classmethod
    def inherited(cls, handle: int) -> Self:
        """The end that a process was started with; what that process starts does not keep it open."""
        os.set_inheritable(handle, False)
        return cls(socket.socket(fileno=handle))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close this end; may be called again."""
        self._socket.close()

    def fileno(self) -> int:
        """The file descriptor, to wait for; -1 once closed."""
        return self._socket.fileno()

    def send(self, message: object) -> None:
        """Send a message, and wait until the system has taken all of it; raises OSError if the other end is closed."""
        packed = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
        self._socket.sendall(_LENGTH.pack(len(packed)))
        self._socket.sendall(packed)

    def receive(self) -> Any:  # noqa: ANN401 -- what the other end sent
        """Wait for a message; raises EOFError if the other end was closed, OSError if it was lost."""
        while not self._is_whole():
            if not self._take(0):
                raise EOFError("the other end was closed")
        return self._first()

    def received(self) -> Any:  # noqa: ANN401 -- what the other end sent
        """The next message that has come whole; None if there is none, now or ever; never waits."""
        with suppress(OSError):  # it was lost, or has no more for now
            while not self._is_whole() and self._take(socket.MSG_DONTWAIT):
                pass
        return self._first() if self._is_whole() else None

    def _take(self, flags: int) -> bool:
        come = self._socket.recv(_CHUNK, flags)
        self._come += come
        return bool(come)

    def _is_whole(self) -> bool:
        head = _LENGTH.size
        if len(self._come) < head:
            return False
        length: int = _LENGTH.unpack_from(self._come)[0]
        return len(self._come) >= head + length

    def _first(self) -> Any:  # noqa: ANN401 -- what the other end sent
        end = _LENGTH.size + _LENGTH.unpack_from(self._come)[0]
        message = pickle.loads(memoryview(self._come)[_LENGTH.size : end].tobytes())  # noqa: S301 -- a process of the step's own user
        del self._come[:end]
        return message
