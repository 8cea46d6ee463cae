"""How far the step is: metrics of its run, a file of its logs, and lines of its log."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.views.text.format import count_text

if TYPE_CHECKING:
    from aml_magics.sdk.run.run import Run
    from aml_magics.workers.parallel_run.mini_batch import MiniBatch

ERRORS: Final = Path("logs", "user", "error.txt")
OVERVIEW: Final = Path("logs", "job_progress_overview.txt")
_BATCH: Final = "mini-batch"
_EVERY: Final = 2.0
_MOST_TOLD: Final = 20


@dataclass(slots=True)
class Counts:
    """Mini-batches and items that have ended."""

    batches: int = 0
    items: int = 0
    failed_batches: int = 0
    failed_items: int = 0

    @property
    def line(self) -> str:
        """What they are, in a line."""
        ended = f"{count_text(self.batches, _BATCH)} with {count_text(self.items, 'item')} ended"
        failed = f"{count_text(self.failed_batches, _BATCH)} and {count_text(self.failed_items, 'item')} of them failed"
        return f"{ended}; {failed}."


class Progress:
    """Tells how far the step is, every two seconds and at its end.

    Args:
        run: gets the metrics; None outside of a run.
    """

    def __init__(self, run: Run | None) -> None:
        self._run = run
        self._counts = Counts()
        self._told: Counts | None = None
        self._next = time.monotonic() + _EVERY
        self._start = time.monotonic()
        self._lines = 0
        ERRORS.parent.mkdir(parents=True, exist_ok=True)

    @property
    def counts(self) -> Counts:
        """What has ended."""
        return self._counts

    def say(self, line: str, trace: str = "") -> None:
        """Write a line to the log, unless it is one of very many; the first one with its traceback."""
        self._lines += 1
        if self._lines <= _MOST_TOLD:
            print(
                line,
                *([trace.rstrip()] if trace and self._lines == 1 else []),
                sep="\n",
                flush=True,
            )
        elif self._lines == _MOST_TOLD + 1:
            print(f"Further failures are told in {ERRORS} alone.", flush=True)

    def note(self, batch: MiniBatch, reason: str, trace: str = "") -> None:
        """Write a failure with all of the mini-batch's items to the file of errors."""
        with ERRORS.open("a", encoding="utf-8") as file:
            file.write(f"{reason}\n{trace}Its items:\n")
            file.writelines(f"  {name}\n" for name in batch.names)
            file.write("\n")

    def tell(self, *, is_over: bool = False) -> None:
        """Tell it, if it is time."""
        now = time.monotonic()
        if not is_over and now < self._next:
            return
        self._next = now + _EVERY
        counts = self._counts
        if counts == self._told:
            return
        self._told = replace(counts)
        with OVERVIEW.open("a", encoding="utf-8") as file:
            file.write(f"{now - self._start:8.1f} s  {counts.line}\n")
        if self._run is not None:
            self._run.log("Mini-batches", counts.batches)
            self._run.log("Items", counts.items)
            self._run.log("Failed items", counts.failed_items)
