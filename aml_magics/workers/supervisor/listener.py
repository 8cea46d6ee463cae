"""Where a service listens."""

from __future__ import annotations

import asyncio
import resource
import socket
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_BACKLOG: Final = 1024
_PAUSE: Final = 0.1
_FILES: Final = 65_536
"""Descriptors that a service may have: its supervisor and a replica have one each for a connection."""


class Listener:
    """Takes the connections of a port, the first of some that is free.

    Args:
        take: called with each connection.
        say: writes a line to the service's log.

    Raises:
        OSError: none of the ports is free.
    """

    def __init__(
        self,
        ports: Iterable[int],
        take: Callable[[socket.socket], None],
        say: Callable[[str], object],
        host: str = "127.0.0.1",
    ) -> None:
        self._take, self._say = take, say
        self._is_full = False
        self._loop = asyncio.get_running_loop()
        self._socket = _bound(host, ports)
        self._socket.listen(_BACKLOG)
        self._socket.setblocking(False)
        self.port = int(self._socket.getsockname()[1])
        self._begin()

    def close(self) -> None:
        """Take no more connections."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _begin(self) -> None:
        if self._socket.fileno() >= 0:
            self._loop.add_reader(self._socket.fileno(), self._accept)

    def _accept(self) -> None:
        try:
            while True:
                connection, _ = self._socket.accept()
                self._is_full = False
                connection.setblocking(False)
                self._take(connection)
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:  # no descriptor or no memory is left; who comes waits meanwhile
            if not self._is_full:
                self._say(f"No more connections can be taken now: {error}.")
            self._is_full = True
            self._loop.remove_reader(self._socket.fileno())
            self._loop.call_later(_PAUSE, self._begin)


def _bound(host: str, ports: Iterable[int]) -> socket.socket:
    problem = OSError("no port was asked for")
    for port in ports:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            listener.close()
            problem = error
        else:
            return listener
    raise problem


def allow_many_connections() -> None:
    """Let this process and its replicas have more files than the usual 1,024, as far as they may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
