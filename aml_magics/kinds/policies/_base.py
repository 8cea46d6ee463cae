"""The contract of an early termination policy: which trials are ended before their end.

A kind is one file with one public class; the file's name is what the catalogue keeps (``bandit``). A policy is pure:
it looks at the primary metric of all trials, and at nothing else. Each value that a trial logs is one interval.
A trial is compared with the others as they were at the same interval, so a young one is not behind for its age.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from array import array
from typing import TYPE_CHECKING, Any, ClassVar, Final

from aml_magics._registry import Registry
from aml_magics.errors import SweepError, described, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aml_magics.records.sweep.sweep import Goal

INTERVAL: Final = "evaluation_interval"
DELAY: Final = "delay_evaluation"


class Curve:
    """A trial's primary metric, as scores: higher is better, whatever the goal.

    Only what a policy asks for is kept: the best score and the mean of the scores at each evaluation. A value that
    is no finite number is worse than any other.
    """

    def __init__(self, goal: Goal, interval: int) -> None:
        self.count = 0
        """Values so far."""
        self.is_ended = False
        """Whether no more will come."""
        self._sign = goal.sign
        self._interval = interval
        self._best = array("d")
        self._means = array("d")
        self._top = -math.inf
        self._sum = 0.0

    def add(self, values: Iterable[float]) -> None:
        """Add the next values of the metric."""
        for value in values:
            score = self._sign * value if math.isfinite(value) else -math.inf
            self.count += 1
            self._top = max(self._top, score)
            self._sum += score
            if self.count % self._interval == 0:
                self._best.append(self._top)
                self._means.append(self._sum / self.count)

    def reaches(self, interval: int) -> bool:
        """Whether the trial has logged this many values."""
        return self.count >= interval

    def best(self, interval: int) -> float:
        """The best score among the first ``interval`` values, a multiple of the evaluation interval."""
        return self._best[interval // self._interval - 1]

    def mean(self, interval: int) -> float:
        """The mean of the first ``interval`` scores, or of all of a trial that ended before; it has one at least."""
        if self.reaches(interval):
            return self._means[interval // self._interval - 1]
        return self._sum / self.count


class Policy(ABC):
    """Ends trials that do badly.

    Args:
        settings: Azure's arguments of the policy.

    Raises:
        SweepError: an unknown setting, or one that breaks its rule.
    """

    azure_name: ClassVar[str]
    """Azure's name of the kind, such as ``BANDIT``."""

    known_settings: ClassVar[tuple[str, ...]] = (INTERVAL, DELAY)

    ends_trials: ClassVar[bool] = True
    """Whether it ends any; otherwise nobody reads the metrics of a trial before its end."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        kind = f"{type(self).__name__}Policy"
        for name in settings:
            if name not in self.known_settings:
                raise SweepError(
                    f"{kind} has no argument {name!r:.60}.{did_you_mean(name, self.known_settings)} "
                    f"It has: {', '.join(self.known_settings) or 'none'}."
                )
        self.interval = _whole(kind, INTERVAL, settings.get(INTERVAL, 1), least=1)
        self.delay = _whole(kind, DELAY, settings.get(DELAY, 0), least=0)

    def due(self, count: int, evaluated: int) -> int | None:
        """The interval at which a trial is to be evaluated now; None if there is none.

        Args:
            count: values that the trial has logged.
            evaluated: the interval of its last evaluation, 0 if there was none.
        """
        interval = count // self.interval * self.interval
        return interval if interval > evaluated and interval >= max(self.delay, 1) else None

    @abstractmethod
    def reason_to_end(
        self, trial: Curve, trials: Sequence[Curve], interval: int, goal: Goal
    ) -> str | None:
        """Why to end a trial, in one line; None if it goes on.

        Args:
            trial: reaches the interval.
            trials: all trials of the sweep, this one among them.
        """


POLICIES = Registry("aml_magics.kinds.policies", Policy, "early termination policy")  # type: ignore[type-abstract]


def reaching(trials: Sequence[Curve], interval: int) -> list[Curve]:
    """The trials that have logged this many values."""
    return [one for one in trials if one.reaches(interval)]


def number_setting(kind: str, name: str, given: object) -> float:
    """A setting that is a finite number from 0.

    Raises:
        SweepError: it is not.
    """
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given < math.inf:
        raise SweepError(f"{name} of {kind} is a number from 0, not {described(given)}.")
    return float(given)


def shown_score(score: float, goal: Goal) -> str:
    """A score as the metric that it was."""
    return f"{goal.sign * score:g}" if math.isfinite(score) else "no number"


def _whole(kind: str, name: str, given: object, *, least: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < least:
        raise SweepError(
            f"{name} of {kind} is a whole number from {least}, not {described(given)}: it counts the values of the "
            "primary metric that a trial logs."
        )
    return given
