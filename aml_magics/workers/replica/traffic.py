"""What was served: one line a second, which adds up over replicas and seconds."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections import Counter
from math import log2
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aml_magics.workers.replica.message import Answer, Request
    from aml_magics.workers.replica.orders import Orders


class Traffic:
    """Counts of the second that runs, appended to the file of its day."""

    def __init__(self, orders: Orders) -> None:
        self._folder = orders.traffic
        self._head = {"revision": orders.revision, "version": orders.version, "pid": os.getpid()}
        self._second = int(time.time())
        self._forget()

    def _forget(self) -> None:
        self._codes: Counter[int] = Counter()
        self._latency: Counter[int] = Counter()
        self._scoring: Counter[int] = Counter()
        self._in = self._out = 0

    def count(self, request: Request, answer: Answer, seconds: float) -> None:
        """One more request; seconds from its first byte to its answer."""
        self._codes[answer.status] += 1
        self._latency[round(8 * log2(max(seconds * 1e6, 1.0)))] += 1
        if answer.milliseconds is not None:
            self._scoring[round(8 * log2(max(answer.milliseconds * 1e3, 1.0)))] += 1
        self._in += len(request.body)
        self._out += len(answer.body)

    def turn(self, *, now: float | None = None) -> None:
        """Write the second that has ended. A full disk loses figures, never an answer."""
        second = int(time.time() if now is None else now)
        if second == self._second:
            return
        if self._codes:
            line: dict[str, Any] = {"t": self._second, **self._head, "codes": self._codes}
            line |= {
                "latency": self._latency,
                "scoring": self._scoring,
                "in": self._in,
                "out": self._out,
            }
            self._append(json.dumps(line).encode() + b"\n")
            self._forget()
        self._second = second

    def _append(self, line: bytes) -> None:
        day = time.strftime("%Y-%m-%d", time.gmtime(self._second))
        try:
            with contextlib.suppress(FileExistsError):  # the folder of a removed service stays away
                os.mkdir(self._folder, 0o700)  # noqa: PTH102 -- quick to start
            path = os.path.join(self._folder, f"{day}.jsonl")  # noqa: PTH118
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError:
            return
        try:
            os.write(file, line)
        except OSError:
            return
        finally:
            os.close(file)
