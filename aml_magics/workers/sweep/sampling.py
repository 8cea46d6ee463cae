"""Draws the next trials of a sweep while there is room for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.records.sweep.sweep import TrialRecord
from aml_magics.services.sweep.request import sampler_of

if TYPE_CHECKING:
    from aml_magics.records.sweep.sweep import SweepRecord
    from aml_magics.workers.sweep.trials import Trials

_TOGETHER: Final = 20
"""Trials that are queued in one transaction."""


class Sampling:
    """The trials that are still to come."""

    def __init__(self, sweep: SweepRecord, trials: Trials) -> None:
        self._sweep = sweep
        self._trials = trials
        self._sampler = sampler_of(sweep)
        self._is_exhausted = False

    @property
    def learns(self) -> bool:
        """Whether the sampler looks at the metrics of the trials before."""
        return self._sampler.learns

    @property
    def is_over(self) -> bool:
        """Whether all trials were queued."""
        return self._is_exhausted or len(self._trials.records) >= self._sweep.most_trials

    def fill(self) -> bool:
        """Queue trials until as many go on at once as may; returns whether there were any."""
        before = len(self._trials.records)
        while not self.is_over:
            room = self._sweep.most_at_once - len(self._trials.active)
            left = self._sweep.most_trials - len(self._trials.records)
            new = self._drawn(min(room, left, _TOGETHER))
            if not new:
                break
            self._trials.queue(new)
        if self.is_over and len(self._trials.records) > before:
            self._trials.say("GENERATOR", "All jobs generated.")
        return len(self._trials.records) > before

    def _drawn(self, count: int) -> list[TrialRecord]:
        new: list[TrialRecord] = []
        resumed = self._sweep.resumed
        for _ in range(count):
            number = len(self._trials.records) + len(new)
            if number < len(resumed):
                values = resumed[number].values
            else:
                before = [*self._trials.records, *new]
                sample = self._sampler.sample(number - len(resumed), before)
                if sample is None:
                    self._is_exhausted = True
                    self._trials.say(
                        "GENERATOR",
                        f"Could not sample any more jobs from the space: it has {self._sampler.size} samples, and "
                        f"max_total_runs is {self._sweep.most_trials}.",
                    )
                    break
                values = sample
            new.append(TrialRecord(number, values))
        return new
