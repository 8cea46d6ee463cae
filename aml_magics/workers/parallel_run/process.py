"""A worker process as the driver sees it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.workers.parallel_run.channel import Channel
from aml_magics.workers.parallel_run.message import Begin, Work

if TYPE_CHECKING:
    from aml_magics.workers.parallel_run.message import Answer
    from aml_magics.workers.parallel_run.mini_batch import MiniBatch
    from aml_magics.workers.parallel_run.options import Options

LOGS: Final = Path("logs", "user")
"""The folder of the logs of processes, which the run keeps."""

QUICK_SECONDS: Final = 0.05
"""A process whose mini-batches take less gets its next one before it has ended one, so that it never waits."""

_MODULE: Final = "aml_magics.workers.parallel_run.script"
_LAST_WORDS: Final = 2_000


class WorkerProcess:
    """One process, which runs a mini-batch at a time.

    Args:
        number: counts all processes of the step; a replacement has that of the process it replaces.
    """

    def __init__(self, options: Options, number: int) -> None:
        self.number = number
        self.is_ready = False
        self.batches: deque[MiniBatch] = deque()
        """What it was sent: the first one runs, a second one waits."""
        self._began = 0.0
        self._took = QUICK_SECONDS
        node, local = divmod(number, options.processes_per_node)
        self.name = f"process{local:03d}"
        self._error_log = _log("stderr", node, f"{self.name}.stderr.txt")
        ours, theirs = socket.socketpair()
        with (
            theirs,
            _log("stdout", node, f"{self.name}.stdout.txt").open("ab") as out,
            self._error_log.open("ab") as error,
        ):
            self._process = subprocess.Popen(
                [sys.executable, "-m", _MODULE, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=error,
                pass_fds=[theirs.fileno()],
                process_group=0,  # what it starts is ended with it
            )
        self.channel = Channel(ours)
        self.pidfd = os.pidfd_open(self._process.pid)
        log = _log("entry_script_log", node, f"{self.name}.log.txt")
        self.channel.send(
            Begin(
                options.entry_script,
                options.arguments,
                options.is_appended,
                options.logging_level,
                str(log.absolute()),
                str(options.output or ""),
                self.name,
            )
        )

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"worker process {self.number} (pid {self._process.pid})"

    @property
    def handles(self) -> tuple[int, int]:
        """What is ready to read when it has said something, and when it is dead."""
        return self.channel.fileno(), self.pidfd

    @property
    def capacity(self) -> int:
        """How many mini-batches it may have at a time."""
        if not self.is_ready:
            return 0
        return 2 if self._took < QUICK_SECONDS else 1

    def send(self, batch: MiniBatch) -> None:
        """Send a mini-batch; the process's death shows at the next look."""
        if not self.batches:
            self._began = time.monotonic()
        self.batches.append(batch)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.channel.send(Work(batch.index, batch.input, batch.payload, batch.partition))

    def received(self) -> Answer | None:
        """The next answer that has come whole; None if there is none, or none will come."""
        answer: Answer | None = self.channel.received()
        return answer

    def taken(self) -> MiniBatch:
        """Take off the mini-batch that was answered; the next one has begun."""
        now = time.monotonic()
        self._took, self._began = now - self._began, now
        return self.batches.popleft()

    def seconds_left(self, timeout: float) -> float | None:
        """Seconds until its mini-batch takes too long; None if it runs none."""
        return self._began + timeout - time.monotonic() if self.batches else None

    def kill(self) -> str:
        """End it and all that it started; return how it ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        self._close()
        return f"ended by {_signal_name(-code)}" if code < 0 else f"ended with exit code {code}"

    def last_words(self) -> str:
        """The end of what it wrote to stderr."""
        return self._error_log.read_bytes()[-_LAST_WORDS:].decode("utf-8", "replace").strip()

    def leave(self, seconds: float) -> int:
        """Let it end by itself, after its ``shutdown()``; return its exit code. It is killed when it takes longer."""
        self.channel.close()
        try:
            code = self._process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        self.kill()
        return code

    def _close(self) -> None:
        self.channel.close()
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1


def _log(kind: str, node: int, name: str) -> Path:
    folder = LOGS / kind / f"node_{node}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
