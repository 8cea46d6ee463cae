"""The driver: it keeps worker processes busy with mini-batches until all have ended.

A mini-batch is one process's at a time. What it returns is appended only when its answer has come whole, so each
mini-batch that ended well is in the output exactly once, however often it was tried.
"""

from __future__ import annotations

import time
from collections import deque
from contextlib import ExitStack
from itertools import islice
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import ParallelRunError
from aml_magics.views.text.format import count_text
from aml_magics.workers.parallel_run.message import Broken, Done, Failed, Ready
from aml_magics.workers.parallel_run.process import LOGS, WorkerProcess
from aml_magics.workers.parallel_run.progress import ERRORS
from aml_magics.workers.parallel_run.result import RowFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.workers.parallel_run.message import Answer
    from aml_magics.workers.parallel_run.mini_batch import MiniBatch
    from aml_magics.workers.parallel_run.options import Options
    from aml_magics.workers.parallel_run.progress import Progress

_LOOK_SECONDS: Final = 1.0
_STILLBORN: Final = 3
"""Processes that may die before ``init()`` returns, one after the other, until the step gives up."""


class Driver:
    """Runs all mini-batches.

    Args:
        batches: are made as they are needed.
        work: a folder for what is not whole yet.
    """

    def __init__(
        self, options: Options, batches: Iterable[MiniBatch], progress: Progress, work: Path
    ) -> None:
        self._options = options
        self._coming = iter(batches)
        self._again: deque[MiniBatch] = deque()
        self._progress = progress
        self._work = work
        self._processes: list[WorkerProcess] = []
        self._rows: RowFile | None = None
        self._stillborn = 0

    def run(self) -> None:
        """Run them to the end.

        Raises:
            ParallelRunError: the script cannot be used, or more failed than may.
            AmlError: the inputs cannot be read.
        """
        options = self._options
        # No more processes than there are mini-batches, of which tables have an unknown number.
        self._again.extend(islice(self._coming, options.processes))
        with ExitStack() as stack:
            stack.callback(self._kill_all)
            if options.is_appended:
                path = Path(options.output or "") / options.row_file
                self._rows = stack.enter_context(RowFile(path, self._work))
            for number in range(len(self._again)):
                self._processes.append(WorkerProcess(options, number))
            while self._feed():
                self._look()
                self._progress.tell()
            self._check_percent()
            self._leave_all()
        self._progress.tell(is_over=True)

    def _feed(self) -> bool:
        """Send mini-batches to those that have room, first to those that have none; tell whether any is left."""
        for wanted in (1, 2):
            for one in self._processes:
                has_room = len(one.batches) < min(wanted, one.capacity)
                if has_room and (batch := self._next()) is not None:
                    one.send(batch)
        is_left = bool(self._again) or any(one.batches for one in self._processes)
        if is_left:
            return True
        batch = self._next()
        if batch is not None:
            self._again.append(batch)
        return batch is not None

    def _next(self) -> MiniBatch | None:
        return self._again.popleft() if self._again else next(self._coming, None)

    def _look(self) -> None:
        """Wait for answers, deaths and time limits, and handle them."""
        timeout = self._options.timeout
        left = [one.seconds_left(timeout) for one in self._processes]
        seconds = min([_LOOK_SECONDS, *(max(0.0, one) for one in left if one is not None)])
        handles = [handle for one in self._processes for handle in one.handles]
        ready = set(wait(handles, seconds))
        for one in list(self._processes):
            is_dead = one.pidfd in ready
            has_said = not ready.isdisjoint(one.handles)
            while has_said and (answer := one.received()) is not None:
                self._take(one, answer)
            if is_dead:
                self._replace(one, one.kill())
        for one in list(self._processes):
            over = one.seconds_left(timeout)
            if over is not None and over <= 0:
                one.kill()
                self._replace(one, f"took longer than run_invocation_timeout={timeout:g} seconds")

    def _take(self, one: WorkerProcess, answer: Answer) -> None:
        match answer:
            case Ready():
                one.is_ready = True
                self._stillborn = 0
            case Broken():
                print(answer.trace, flush=True)
                raise ParallelRunError(
                    f"The script {self._options.entry_script!r} cannot begin: {answer.reason}. Its import and its init() have to "
                    "succeed in every process."
                )
            case Failed():
                self._failed(one.taken(), answer.reason, answer.trace)
            case Done():
                self._done(one.taken(), answer)

    def _done(self, batch: MiniBatch, answer: Done) -> None:
        if self._rows is not None:
            self._rows.append(answer.rows)
        missing = max(0, batch.items - answer.items)
        self._count(batch, missing)
        if missing:
            reason = f"Of {batch.title} run() returned {answer.items:,} of {batch.items:,} items: the others count as failed."
            self._progress.note(batch, reason)
            self._progress.say(reason)
            self._check_thresholds(reason)

    def _failed(self, batch: MiniBatch, reason: str, trace: str = "") -> None:
        """Try a mini-batch again, or give it up."""
        batch.tries += 1
        which = f"{batch.title[0].upper()}{batch.title[1:]} failed, try {batch.tries} of {self._options.tries}: {reason}"
        self._progress.note(batch, which, trace)
        self._progress.say(which, trace)
        if batch.tries < self._options.tries:
            self._again.append(batch)
            return
        self._progress.counts.failed_batches += 1
        self._count(batch, batch.items)
        self._check_thresholds(which)

    def _count(self, batch: MiniBatch, failed: int) -> None:
        counts = self._progress.counts
        counts.batches += 1
        counts.items += batch.items
        counts.failed_items += failed
        batch.forget()

    def _check_thresholds(self, last: str) -> None:
        """Raise where more failed than may."""
        counts, options = self._progress.counts, self._options
        limits = (
            ("error_threshold", options.error_threshold, counts.failed_items, "item"),
            (
                "allowed_failed_count",
                options.allowed_failed_count,
                counts.failed_batches,
                "mini-batch",
            ),
        )
        for name, limit, failed, what in limits:
            if 0 <= limit < failed:
                raise ParallelRunError(
                    f"{count_text(failed, what)} failed, which is more than {name}={limit}. The last: {last} All failures are in {ERRORS}."
                )

    def _check_percent(self) -> None:
        counts, most = self._progress.counts, self._options.allowed_failed_percent
        if counts.batches and 100 * counts.failed_batches > most * counts.batches:
            raise ParallelRunError(
                f"{counts.failed_batches:,} of {counts.batches:,} mini-batches failed, which is more than "
                f"allowed_failed_percent={most:g}. All failures are in {ERRORS}."
            )

    def _replace(self, one: WorkerProcess, end: str) -> None:
        """A process is gone: start another, and try again what it ran."""
        self._processes.remove(one)
        if one.batches:
            running, *waiting = one.batches
            self._again.extendleft(reversed(waiting))  # these were not begun
            words = one.last_words()
            self._failed(running, f"{one.title} {end}", f"{words}\n" if words else "")
        elif not one.is_ready:
            self._stillborn += 1
        if self._stillborn >= _STILLBORN:
            raise ParallelRunError(
                f"The script {self._options.entry_script!r} cannot begin: {self._stillborn} processes were gone before init() had returned, the last "
                f"{end}. {one.last_words() or f'Their logs are in {LOGS}.'}"
            )
        self._processes.append(WorkerProcess(self._options, one.number))

    def _leave_all(self) -> None:
        """Let all processes call ``shutdown()`` at once; say which failed in it."""
        deadline = time.monotonic() + self._options.timeout
        for one in self._processes:
            one.channel.close()
        while self._processes:
            one = self._processes.pop()
            if code := one.leave(deadline - time.monotonic()):
                self._progress.say(
                    f"The end of {one.title} failed (exit code {code}): see {LOGS / 'stderr'}. {one.last_words()}"
                )

    def _kill_all(self) -> None:
        for one in self._processes:
            one.kill()
        self._processes.clear()
