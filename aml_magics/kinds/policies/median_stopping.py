"""Ends trials that are worse than the median of the others' averages."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from aml_magics.kinds.policies._base import Policy, shown_score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.kinds.policies._base import Curve
    from aml_magics.records.sweep.sweep import Goal


class MedianStopping(Policy):
    """The best value of a trial must reach the median of all trials' averages up to the interval.

    A trial that ended before it counts with all of its values; one that goes on and is not there yet does not count.
    """

    azure_name = "MEDIANSTOPPING"

    def reason_to_end(
        self, trial: Curve, trials: Sequence[Curve], interval: int, goal: Goal
    ) -> str | None:
        """Why to end a trial that is worse than the median."""
        middle = median(
            one.mean(interval)
            for one in trials
            if one.reaches(interval) or (one.is_ended and one.count)
        )
        own = trial.best(interval)
        if own >= middle:
            return None
        return f"its best value {shown_score(own, goal)} is worse than {shown_score(middle, goal)}, the median of the trials' averages"
