"""Ends trials that are behind the best one by more than a slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import SweepError
from aml_magics.kinds.policies._base import (
    DELAY,
    INTERVAL,
    Policy,
    number_setting,
    reaching,
    shown_score,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.kinds.policies._base import Curve
    from aml_magics.records.sweep.sweep import Goal


class Bandit(Policy):
    """The best trial at an interval, less a slack, is what the others must reach there.

    A slack factor is a ratio: of a best accuracy of 0.8 and a factor of 0.2, 0.8 / 1.2 is allowed, and of a best loss
    of 0.8, 0.8 * 1.2. For a best metric below 0 the two change places, or the best trial itself would be ended.
    """

    azure_name = "BANDIT"
    known_settings = (INTERVAL, "slack_factor", "slack_amount", DELAY)

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        given = {
            name: number_setting("BanditPolicy", name, settings[name])
            for name in ("slack_factor", "slack_amount")
            if settings.get(name) is not None
        }
        if len(given) != 1:
            raise SweepError(
                "BanditPolicy takes slack_factor, a ratio, or slack_amount, a difference: one of them, "
                f"not {'both' if given else 'neither'}."
            )
        self._factor = given.get("slack_factor")
        self._amount = given.get("slack_amount", 0.0)

    def reason_to_end(
        self, trial: Curve, trials: Sequence[Curve], interval: int, goal: Goal
    ) -> str | None:
        """Why to end a trial that is behind by more than the slack."""
        best = max(one.best(interval) for one in reaching(trials, interval))
        allowed = self._allowed(best)
        own = trial.best(interval)
        if own >= allowed:
            return None
        shown = [shown_score(score, goal) for score in (own, best, allowed)]
        return f"its best value {shown[0]} is behind the best, {shown[1]}, by more than the slack, which allows {shown[2]}"

    def _allowed(self, best: float) -> float:
        """The lowest score that is allowed; scores are metrics, or metrics with the other sign."""
        if self._factor is None:
            return best - self._amount
        return best / (1 + self._factor) if best >= 0 else best * (1 + self._factor)
