"""Early termination policies: which trials of a sweep are ended before their end."""

from __future__ import annotations

from typing import Any, ClassVar

from aml_magics.records.sweep.sweep import Named
from aml_magics.services.sweep.request import make_policy


class EarlyTerminationPolicy:
    """The base of all policies.

    Each value of the primary metric that a trial logs is one interval.

    Raises:
        SweepError: an argument breaks its rule.
    """

    _kind: ClassVar[str]

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 -- checked by its kind
        given = {name: value for name, value in settings.items() if value is not None}
        self._named = Named(self._kind, given)
        self._azure_name = make_policy(self._named).azure_name

    def to_json(self) -> dict[str, Any]:
        """The policy as a dict with Azure's names."""
        settings = self._named.settings
        return {"name": self._azure_name, **({"properties": settings} if settings else {})}

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._named.settings.items())
        return f"{type(self).__name__}({shown})"


class _IntervalPolicy(EarlyTerminationPolicy):
    @property
    def evaluation_interval(self) -> int:
        """How many values of the metric lie between two evaluations."""
        return int(self._named.settings["evaluation_interval"])

    @property
    def delay_evaluation(self) -> int:
        """How many values a trial logs before it is evaluated first."""
        return int(self._named.settings["delay_evaluation"])


class BanditPolicy(_IntervalPolicy):
    """Ends trials that are behind the best one by more than a slack.

    Args:
        slack_factor: the slack as a ratio: 0.2 allows the best accuracy / 1.2, or the best loss * 1.2.
        slack_amount: the slack as a difference, in place of the ratio.
    """

    _kind = "bandit"

    def __init__(
        self,
        evaluation_interval: int = 1,
        slack_factor: float | None = None,
        slack_amount: float | None = None,
        delay_evaluation: int = 0,
    ) -> None:
        super().__init__(
            evaluation_interval=evaluation_interval,
            slack_factor=slack_factor,
            slack_amount=slack_amount,
            delay_evaluation=delay_evaluation,
        )

    @property
    def slack_factor(self) -> float | None:
        """The slack as a ratio, or None."""
        return self._named.settings.get("slack_factor")

    @property
    def slack_amount(self) -> float | None:
        """The slack as a difference, or None."""
        return self._named.settings.get("slack_amount")


class MedianStoppingPolicy(_IntervalPolicy):
    """Ends trials whose best value is worse than the median of all trials' averages."""

    _kind = "median_stopping"

    def __init__(self, evaluation_interval: int = 1, delay_evaluation: int = 0) -> None:
        super().__init__(evaluation_interval=evaluation_interval, delay_evaluation=delay_evaluation)


class TruncationSelectionPolicy(_IntervalPolicy):
    """Ends the worst ``truncation_percentage`` % of the trials at each evaluation."""

    _kind = "truncation_selection"

    def __init__(
        self, truncation_percentage: int, evaluation_interval: int = 1, delay_evaluation: int = 0
    ) -> None:
        super().__init__(
            truncation_percentage=truncation_percentage,
            evaluation_interval=evaluation_interval,
            delay_evaluation=delay_evaluation,
        )

    @property
    def truncation_percentage(self) -> int:
        """How many percent of the trials are ended at each evaluation."""
        return int(self._named.settings["truncation_percentage"])


class NoTerminationPolicy(EarlyTerminationPolicy):
    """Lets every trial end itself."""

    _kind = "no_termination"

    def __init__(self) -> None:
        super().__init__()
