"""A forked worker and its scheduler, as they see each other.

A worker is forked while its run still waits for room. It begins at the scheduler's word, and ends without one
when the scheduler has gone: so nothing runs that nobody counts.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aml_magics.records.job import QueuedJob

_FREE = b"."
_LONGEST = 20


class WorkerProcess:
    """A worker of one run; ``pid`` is 0 in the worker itself."""

    def __init__(self, job: QueuedJob) -> None:
        self.job = job
        self.is_told = False
        self.at_once = 0
        """In the worker: how many runs share this machine, once it was told to begin."""
        self.is_finishing = False
        """Whether its script has ended and its slot is free."""
        ours, its = socket.socketpair()
        self.pid = os.fork()
        self._channel, other = (its, ours) if self.pid == 0 else (ours, its)
        other.close()

    def close(self) -> None:
        """Say and hear nothing more; a worker that was not told to begin ends."""
        self._channel.close()

    # -- in the scheduler -----------------------------------------------------------------------

    @property
    def handle(self) -> int:
        """Readable when the worker has something to say or has ended; -1 when it is closed."""
        return self._channel.fileno()

    def tell(self, at_once: int = 1) -> None:
        """Let it execute the run, beside as many others that it is one of ``at_once``."""
        self.is_told = True
        with contextlib.suppress(OSError):  # it was killed; its exit code says so
            self._channel.send(str(at_once).encode())

    def hear(self) -> None:
        """Note what it says; it speaks only once."""
        with contextlib.suppress(OSError):
            self.is_finishing = bool(self._channel.recv(1))
        self.close()

    # -- in the worker --------------------------------------------------------------------------

    def has_answer(self) -> bool:
        """Whether the scheduler has decided already; :meth:`is_to_begin` then does not wait."""
        return bool(select.select([self._channel], [], [], 0)[0])

    def is_to_begin(self) -> bool:
        """Wait for the scheduler's word; False if the run is not to be executed."""
        self.at_once = int(self._channel.recv(_LONGEST) or b"0")
        return self.at_once > 0

    def leave_slot(self) -> None:
        """Let the scheduler begin the next script while this worker brings its own to an end."""
        with contextlib.suppress(OSError):  # the scheduler has gone, or was replaced
            self._channel.send(_FREE)
