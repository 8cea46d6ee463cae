"""Lets every trial end itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.kinds.policies._base import Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.kinds.policies._base import Curve
    from aml_magics.records.sweep.sweep import Goal


class NoTermination(Policy):
    """Ends no trial."""

    azure_name = "DEFAULT"
    known_settings = ()
    ends_trials = False

    def reason_to_end(
        self, trial: Curve, trials: Sequence[Curve], interval: int, goal: Goal
    ) -> str | None:
        """No reason."""
        del trial, trials, interval, goal
        return None
