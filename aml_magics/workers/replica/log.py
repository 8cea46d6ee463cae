"""The log of a service: what the script prints, with time stamps, as Azure's inference server writes it.

The process's stdout and stderr are the file itself, so that what native code writes, and a traceback of a crash,
is there even if the process is gone a moment later. What Python prints is stamped first.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import threading
import time


class Log:
    """``log.txt``, shared by all replicas of a service: each write is one append."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._second = 0
        self._stamp = ""
        self._pending: list[str] = []
        self._pid = os.getpid()
        self._open()

    def _open(self) -> None:
        descriptor = os.open(
            self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600
        )
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        os.close(descriptor)

    def follow_rotation(self) -> None:
        """Go on in the new file if the supervisor has moved the old one away."""
        try:
            is_same = os.path.samestat(os.stat(self._path), os.fstat(1))  # noqa: PTH116 -- of a path as text
        except FileNotFoundError:
            is_same = False
        if not is_same:
            self._open()

    def line(self, name: str, level: str, text: str) -> str:
        """A line as Azure's server writes it: time (UTC), level, pid, logger, text."""
        now = time.time()
        second = int(now)
        if second != self._second:
            self._stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(second))
            self._second = second
        return f"{self._stamp},{int((now - second) * 1000):03d} {level} [{self._pid}] {name} - {text}\n"

    def write(self, name: str, level: str, text: str) -> None:
        """Write a line now."""
        self._pending.append(self.line(name, level, text))
        self.flush()

    def info(self, text: str) -> None:
        """What the server has to say."""
        self.write("azmlinfsrv", "I", text)

    def error(self, text: str) -> None:
        """What went wrong."""
        self.write("azmlinfsrv", "E", text)

    def write_soon(self, name: str, level: str, text: str) -> None:
        """Write a line with the next one, or when the clock ticks."""
        self._pending.append(self.line(name, level, text))

    def flush(self) -> None:
        """Write what waits. A full disk loses lines, never an answer."""
        pending, self._pending = self._pending, []
        content = "".join(pending).encode("utf-8", "backslashreplace")
        while content:
            try:
                content = content[os.write(1, content) :]
            except OSError:
                return

    def take_over(self) -> None:
        """From now on ``print`` and loggers without handlers write here."""
        sys.stdout = _Printed(self)
        sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115 -- the process's own
        handler = _Handler(self)
        server = logging.getLogger("azmlinfsrv")
        server.handlers, server.propagate = [handler], False
        server.setLevel(logging.INFO)
        # A script that calls `basicConfig` still gets what it asks for; one that only logs is heard, too.
        logging.lastResort = handler
        logging.getLogger().setLevel(logging.INFO)


class _Handler(logging.Handler):
    """Writes records of loggers that have no handler of their own."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.INFO)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._log.write(record.name, record.levelname[0], self.format(record))


class _Printed(io.TextIOBase):
    """``sys.stdout`` of the script: whole lines, stamped; each thread's for itself."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, log: Log) -> None:
        self._log = log
        self._begun = threading.local()
        self.buffer = open(1, "wb", buffering=0, closefd=False)  # noqa: SIM115 -- the process's own

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1

    def write(self, text: str, /) -> int:
        begun: str = getattr(self._begun, "text", "") + text
        head, newline, self._begun.text = begun.rpartition("\n")
        if newline:
            self._log.write("azmlinfsrv.print", "I", head)
        return len(text)

    def end_line(self) -> None:
        """Write what this thread printed without an end of line."""
        if getattr(self._begun, "text", ""):
            self.write("\n")
