"""What supervisor and replica tell each other: messages over a socket pair, numbers in shared memory.

Both sides import this file, and the replica's Python may have little more than the standard library.
"""

from __future__ import annotations

import json
import mmap
import os
import socket
import struct
import time
from collections import deque
from typing import Any

IDLE, BEGUN, ANSWERING = 0, 1, 2
"""What a connection's slot says: no request; a request of which nothing is answered yet; its answer has begun."""

_SIZE = 65536
_SLOTS = 1024  # where the bytes of the connections begin
SLOTS = _SIZE - _SLOTS
_MESSAGE = 65536


class ChannelClosedError(ConnectionError):
    """The other side is gone."""


class Channel:
    """One end of the pair. It never blocks: what does not fit waits for :meth:`flush`.

    A message is one JSON object, and may carry one file descriptor.
    """

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._end = end
        self._unsent: deque[tuple[bytes, int | None]] = deque()

    @staticmethod
    def pair() -> tuple[Channel, Channel]:
        """Two ends: the supervisor's, and the one whose descriptor the replica inherits."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        return Channel(ours), Channel(theirs)

    @staticmethod
    def inherited(descriptor: int) -> Channel:
        """The end that the parent process left open."""
        return Channel(socket.socket(fileno=descriptor))

    def fileno(self) -> int:
        """For ``select`` and ``add_reader``; -1 once closed."""
        return self._end.fileno()

    def send(self, message: dict[str, Any], descriptor: int | None = None) -> None:
        """Send, in order. A descriptor must stay open until :meth:`flush` says that all is sent.

        Raises:
            ChannelClosedError: The other side is gone.
        """
        self._unsent.append((json.dumps(message).encode(), descriptor))
        self.flush()

    def flush(self) -> bool:
        """Send what waits; whether nothing does any more."""
        while self._unsent:
            content, descriptor = self._unsent[0]
            try:
                if descriptor is None:
                    self._end.send(content)
                else:
                    socket.send_fds(self._end, [content], [descriptor])
            except BlockingIOError:
                return False
            except OSError as error:
                raise ChannelClosedError(str(error)) from error
            self._unsent.popleft()
        return True

    def flush_if_open(self) -> bool:
        """Send what waits; True too if nobody is there to receive it."""
        try:
            return self.flush()
        except ChannelClosedError:
            return True

    def receive(self) -> tuple[dict[str, Any], int | None] | None:
        """The next message and the descriptor it carries; None if there is none now.

        Raises:
            ChannelClosedError: The other side is gone.
        """
        try:
            content, descriptors, _, _ = socket.recv_fds(self._end, _MESSAGE, 1)
        except BlockingIOError:
            return None
        except OSError as error:
            raise ChannelClosedError(str(error)) from error
        if not content:
            raise ChannelClosedError("the other side closed the channel")
        return json.loads(content), descriptors[0] if descriptors else None

    def close(self) -> None:
        """Close this end; the other side's :meth:`receive` raises."""
        self._end.close()


class Numbers:
    """What a replica does right now, in memory that the supervisor reads without asking."""

    _TICK = struct.Struct("<Q")
    _COUNTS = struct.Struct("<IIQQ")
    _RUN = struct.Struct("<d")

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._map = mmap.mmap(descriptor, _SIZE)

    @staticmethod
    def create() -> Numbers:
        """New numbers, all zero; the replica inherits ``descriptor``."""
        descriptor = os.memfd_create("replica")
        os.ftruncate(descriptor, _SIZE)
        return Numbers(descriptor)

    # Written by the replica.

    def tick(self) -> None:
        """The event loop turns; told each 100 ms."""
        self._TICK.pack_into(self._map, 0, time.monotonic_ns())

    def count(self, busy: int, waiting: int, requests: int, errors: int) -> None:
        """Requests in ``run``, waiting for it, answered since the start, and answered with 500 or above."""
        self._COUNTS.pack_into(self._map, 8, busy, waiting, requests, errors)

    def run_started(self, at: float) -> None:
        """When the oldest request now in ``run`` entered it (monotonic); 0 if there is none."""
        self._RUN.pack_into(self._map, 32, at)

    def set_slot(self, slot: int, state: int) -> None:
        """What the connection of a slot does: IDLE, BEGUN or ANSWERING."""
        self._map[_SLOTS + slot] = state

    # Read by the supervisor.

    def slot(self, slot: int) -> int:
        """What the connection of a slot does: IDLE, BEGUN or ANSWERING."""
        return self._map[_SLOTS + slot]

    def since_tick(self) -> float | None:
        """Seconds since the event loop turned; None before it did."""
        (tick,) = self._TICK.unpack_from(self._map, 0)
        return (time.monotonic_ns() - tick) / 1e9 if tick else None

    def counts(self) -> tuple[int, int, int, int]:
        """Busy, waiting, requests, errors."""
        busy, waiting, requests, errors = self._COUNTS.unpack_from(self._map, 8)
        return busy, waiting, requests, errors

    def in_run(self) -> float:
        """Seconds that the oldest request has been in ``run``; 0 if there is none."""
        (at,) = self._RUN.unpack_from(self._map, 32)
        return time.monotonic() - at if at else 0.0

    def close(self) -> None:
        """Unmap, and close the descriptor."""
        self._map.close()
        os.close(self.descriptor)
