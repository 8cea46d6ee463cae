"""One replica as its supervisor sees it: a process, a channel, shared numbers, and the connections it has."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.workers.replica.channel import (
    BEGUN,
    IDLE,
    SLOTS,
    Channel,
    ChannelClosedError,
    Numbers,
)
from aml_magics.workers.supervisor.answer import answer

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

STARTING, READY, DRAINING, GONE = "starting", "ready", "draining", "gone"
_SET_DEATH_SIGNAL: Final = 1
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Launch:
    """What a process needs to start: its Python, its orders, its folder and its environment variables."""

    python: str
    orders: Path
    app: Path
    variables: dict[str, str]


class Replica:
    """A process that runs the scoring script.

    Args:
        changed: called when it is ready, fails, is stuck or is gone.
        released: called with a connection that it lets go of, unread.

    Raises:
        OSError: no process could be started.
    """

    def __init__(
        self,
        launch: Launch,
        revision: int,
        log: Path,
        changed: Callable[[Replica], None],
        released: Callable[[socket.socket], None],
    ) -> None:
        self.state = STARTING
        self.revision = revision
        self.since = time.time()
        self.started = time.monotonic()
        self.drained = 0.0
        self.is_stuck = False
        self.failure: dict[str, str] | None = None
        self.code: int | None = None
        self.killed_for = ""
        self._changed, self._released = changed, released
        self._connections: dict[int, socket.socket] = {}
        self._free = deque(range(SLOTS))
        self._status = 500
        self._answers: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self.numbers = Numbers.create()
        self._channel, theirs = Channel.pair()
        try:
            self._process = _spawn(launch, log, theirs.fileno(), self.numbers.descriptor)
        except OSError:
            self._channel.close()
            self.numbers.close()
            raise
        finally:
            theirs.close()
        self.pid = self._process.pid
        self._end = os.pidfd_open(self.pid)
        self._loop.add_reader(self._channel.fileno(), self._read)
        self._loop.add_reader(self._end, self._ended)

    # -- connections ----------------------------------------------------------------------

    @property
    def load(self) -> tuple[int, int]:
        """By what the least busy one is chosen: its requests, then its connections."""
        busy, waiting, _, _ = self.numbers.counts()
        return busy + waiting, len(self._connections)

    @property
    def connections(self) -> int:
        """How many connections it has."""
        return len(self._connections)

    @property
    def requests(self) -> int:
        """How many requests it has answered."""
        return self.numbers.counts()[2]

    @property
    def has_answered(self) -> bool:
        """Whether it has answered a request, other than by an error of its own."""
        _, _, requests, errors = self.numbers.counts()
        return requests > errors

    def take(self, connection: socket.socket) -> bool:
        """Hand it a connection; False if it can take none."""
        if self.state != READY or not self._free:
            return False
        slot = self._free.popleft()
        self.numbers.set_slot(slot, IDLE)
        self._connections[slot] = connection
        self._send({"do": "connection", "slot": slot}, connection.fileno())
        return True

    def _give_back(self, slot: int) -> socket.socket | None:
        connection = self._connections.pop(slot, None)
        if connection is not None:
            self._free.append(slot)
        return connection

    # -- what it is told ------------------------------------------------------------------

    def drain(self) -> None:
        """Let it answer what it has, and end."""
        if self.state in (STARTING, READY):
            if self.state == STARTING:
                self.kill()
            self.state = DRAINING
            self.drained = time.monotonic()
            self._send({"do": "drain"})

    def read_keys(self) -> None:
        """Let it read the keys again."""
        if self.state != GONE:
            self._send({"do": "keys"})

    def kill(self, why: str = "", status: int = 500) -> None:
        """End it and all that it started; its requests are answered with a status."""
        if self.state == GONE:
            return
        self.killed_for = self.killed_for or why
        self._status = status
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _send(self, message: dict[str, object], descriptor: int | None = None) -> None:
        with contextlib.suppress(ChannelClosedError):  # its end is noticed by itself
            self._channel.send(message, descriptor)
            if not self._channel.flush():
                self._loop.add_writer(self._channel.fileno(), self._flush)

    def _flush(self) -> None:
        try:
            is_done = self._channel.flush()
        except ChannelClosedError:
            is_done = True
        if is_done:
            self._loop.remove_writer(self._channel.fileno())

    # -- what it tells --------------------------------------------------------------------

    def _read(self) -> None:
        try:
            while (found := self._channel.receive()) is not None:
                self._obey(found[0])
        except ChannelClosedError:
            self._loop.remove_reader(self._channel.fileno())

    def _obey(self, message: dict[str, object]) -> None:
        what, slot = message.get("is"), message.get("slot")
        if what in ("closed", "released", "refused") and isinstance(slot, int):
            connection = self._give_back(slot)
            if connection is None:
                return
            if what == "released":
                self._released(connection)
            elif what == "refused":
                self._answer(connection, 503, is_begun=False)
            else:
                connection.close()
        elif what == "ready" and self.state == STARTING:
            self.state = READY
            self._changed(self)
        elif what == "failed":
            self.failure = {name: str(value) for name, value in message.items()}
        elif what == "stuck" and self.state == READY:
            self.state, self.is_stuck, self.drained = DRAINING, True, time.monotonic()
            self._changed(self)

    def _ended(self) -> None:
        self._loop.remove_reader(self._end)
        self._read()  # what it said last
        self.code = self._process.wait()
        was_killed_here = self.state == GONE
        self.state = GONE
        for what in (self._loop.remove_reader, self._loop.remove_writer):
            what(self._channel.fileno())
        self._channel.close()
        os.close(self._end)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)  # what it started
        for slot, connection in list(self._connections.items()):
            self._settle(connection, self.numbers.slot(slot))
        self._connections.clear()
        if not was_killed_here:
            self._changed(self)

    def _settle(self, connection: socket.socket, state: int) -> None:
        """Answer the request of a connection that the dead process had."""
        if state == IDLE:
            self._released(connection)
        elif state == BEGUN:
            self._answer(connection, self._status, is_begun=True)
        else:
            connection.close()

    def _answer(self, connection: socket.socket, status: int, *, is_begun: bool) -> None:
        task = self._loop.create_task(answer(connection, status, is_begun=is_begun))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    # -- what is seen of it ---------------------------------------------------------------

    def memory(self) -> int:
        """Its resident bytes; 0 if it is gone."""
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE
        except (OSError, IndexError):
            return 0


def _spawn(launch: Launch, log: Path, channel: int, numbers: int) -> subprocess.Popen[bytes]:
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    parent = os.getpid()

    def die_with_parent() -> None:
        _libc.prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    with os.fdopen(handle, "ab") as out:
        return subprocess.Popen(
            [
                launch.python,
                "-m",
                "aml_magics.workers.replica",
                str(launch.orders),
                str(channel),
                str(numbers),
            ],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=launch.app,
            env=launch.variables,
            pass_fds=[channel, numbers],
            process_group=0,
            preexec_fn=die_with_parent,  # noqa: PLW1509 -- one system call, which needs no lock
        )
