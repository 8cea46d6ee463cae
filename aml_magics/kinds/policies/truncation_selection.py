"""Ends a percentage of the trials at each evaluation: the worst."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import SweepError, described
from aml_magics.kinds.policies._base import DELAY, INTERVAL, Policy, reaching, shown_score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.kinds.policies._base import Curve
    from aml_magics.records.sweep.sweep import Goal

_PERCENTAGE = "truncation_percentage"


class TruncationSelection(Policy):
    """Of the trials that reach an interval, the worst ``truncation_percentage`` % are ended there, rounded down."""

    azure_name = "TRUNCATIONSELECTION"
    known_settings = (_PERCENTAGE, INTERVAL, DELAY)

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__(settings)
        given = settings.get(_PERCENTAGE)
        if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= 99:
            raise SweepError(
                f"{_PERCENTAGE} of TruncationSelectionPolicy is a whole number from 1 to 99, not {described(given)}."
            )
        self._percentage = given

    def reason_to_end(
        self, trial: Curve, trials: Sequence[Curve], interval: int, goal: Goal
    ) -> str | None:
        """Why to end a trial that is among the worst; of equal ones none is."""
        own = trial.best(interval)
        compared = reaching(trials, interval)
        worst = len(compared) * self._percentage // 100
        better = sum(one.best(interval) > own for one in compared)
        if better < len(compared) - worst:
            return None
        return f"its best value {shown_score(own, goal)} is among the worst {self._percentage} % of {len(compared)} trials"
