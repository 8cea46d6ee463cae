"""The queue between the event loop and the threads that score."""

from __future__ import annotations

import queue
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from aml_magics.workers.replica.message import Answer, Request, error

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from aml_magics.workers.replica.channel import Numbers
    from aml_magics.workers.replica.orders import Limits

_RETRY = b"Retry-After: 1\r\n"


@dataclass(slots=True, eq=False)
class _Job:
    request: Request
    reply: Callable[[Request, Answer], None]
    queued: float
    claims: list[None] = field(default_factory=lambda: [None])
    started: float = 0.0

    def claim(self) -> bool:
        """Whether the caller is the first to take it: a thread to score, or the loop to refuse."""
        try:
            self.claims.pop()
        except IndexError:
            return False
        return True


class Scorer:
    """Requests in order, at most ``concurrent`` of them in the script at once.

    All but :meth:`work` is called by the event loop.
    """

    def __init__(self, limits: Limits, numbers: Numbers, loop: asyncio.AbstractEventLoop) -> None:
        self._limits = limits
        self._numbers = numbers
        self._loop = loop
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._jobs: dict[_Job, None] = {}  # waiting or in the script, oldest first
        self._stuck: set[_Job] = set()
        self.requests = 0
        self.errors = 0

    def submit(self, request: Request, reply: Callable[[Request, Answer], None]) -> None:
        """Score a request when it is its turn; ``reply`` is called by the event loop."""
        limits = self._limits
        if self._is_blocked():
            reply(request, _busy("This replica is being replaced; try again."))
            return
        if len(self._jobs) >= limits.concurrent + limits.queue:
            text = f"{limits.queue} requests are waiting already; try again later."
            reply(request, error(429, text, headers=_RETRY))
            return
        job = _Job(request, reply, monotonic())
        self._jobs[job] = None
        self._queue.put(job)
        self.count()

    def work(self, answer: Callable[[Request], Answer]) -> None:
        """Score, until :meth:`stop`; the body of a thread."""
        done = self._loop.call_soon_threadsafe
        alone = self._limits.concurrent == 1
        while (job := self._queue.get()) is not None:
            if not job.claim():
                continue
            job.started = monotonic()
            if alone:
                self._numbers.run_started(job.started)
            result = answer(job.request)
            if alone:
                self._numbers.run_started(0.0)
            done(self._done, job, result)

    def _done(self, job: _Job, answer: Answer) -> None:
        self._jobs.pop(job, None)
        if job not in self._stuck:
            job.reply(job.request, answer)
        self.count()

    def check(self) -> bool:
        """Refuse what waited too long or runs too long; whether something runs too long for the first time."""
        now, limits, is_new = monotonic(), self._limits, False
        oldest = 0.0
        for job in list(self._jobs):
            if job in self._stuck:
                continue
            if job.started:
                oldest = min(oldest or job.started, job.started)
                if now - job.started > limits.scoring:
                    is_new = True
                    self._stuck.add(job)
                    text = f"Scoring timeout after {limits.scoring * 1000:.0f} ms"
                    job.reply(job.request, error(504, text, failed=True))
            elif (self._is_blocked() or now - job.queued > limits.wait) and job.claim():
                del self._jobs[job]
                job.reply(
                    job.request,
                    _busy(f"The request waited {now - job.queued:.1f} s for its turn; try again."),
                )
        if limits.concurrent > 1:
            self._numbers.run_started(oldest)
        self.count()
        return is_new

    def _is_blocked(self) -> bool:
        return len(self._stuck) >= self._limits.concurrent

    def count(self) -> None:
        """Tell the supervisor how busy we are."""
        total, concurrent = len(self._jobs), self._limits.concurrent
        busy = min(total, concurrent)
        self._numbers.count(busy, total - busy, self.requests, self.errors)

    def stop(self) -> None:
        """Let the threads end when they have done what they do."""
        for _ in range(self._limits.concurrent):
            self._queue.put(None)


def _busy(text: str) -> Answer:
    return error(503, text, headers=_RETRY)
