"""A sweep: a run whose children, its trials, run one script with many values of its parameters."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

HYPERDRIVE: Final = "hyperdrive"
"""Azure's type of a sweep's run."""

ENDED_EARLY: Final = "Ended early by the policy"
"""How the reason of a trial begins that its sweep's policy ended."""


class Goal(StrEnum):
    """Whether a higher or a lower primary metric is better."""

    MAXIMIZE = "MAXIMIZE"
    MINIMIZE = "MINIMIZE"

    @property
    def sign(self) -> int:
        """A metric times this is higher where it is better."""
        return 1 if self is Goal.MAXIMIZE else -1

    def best_of(self, low: float | None, high: float | None) -> float | None:
        """The better of the lowest and the highest of some values."""
        return high if self is Goal.MAXIMIZE else low


@dataclass(frozen=True, slots=True)
class Named:
    """A sampler or a policy: the name of its kind, and its settings."""

    name: str
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EarlierTrial:
    """A trial of another sweep, whose result a sampler may learn from."""

    run_id: str
    values: dict[str, Any]
    metric: float | None = None


@dataclass(frozen=True, slots=True)
class SweepRecord:
    """What a sweep was asked for.

    ``space`` is an expression by parameter, as Azure writes it. ``seed`` makes its samples the same whenever they
    are drawn. ``job`` and ``run`` are the template of a trial: fields of its job and of its run. ``host`` is the
    machine of its controller. ``earlier`` are trials to learn from, ``resumed`` those to run again first.
    """

    run_key: int
    host: str
    sampler: Named
    space: dict[str, list[Any]]
    metric: str
    goal: Goal
    most_trials: int
    most_at_once: int
    max_minutes: float
    seed: int
    policy: Named | None = None
    earlier: tuple[EarlierTrial, ...] = ()
    resumed: tuple[EarlierTrial, ...] = ()
    resumed_from: tuple[str, ...] = ()
    job: dict[str, Any] = field(default_factory=dict)
    run: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """A trial: its number from 0, its values, and what came of it.

    ``metric`` is its best primary metric, None while it runs or if it has none. ``is_done`` says that it has ended
    and was counted.
    """

    number: int
    values: dict[str, Any]
    is_done: bool = False
    metric: float | None = None

    @property
    def shown(self) -> str:
        """Its values as JSON, as Azure shows them."""
        return json.dumps(self.values)


def trial_id(sweep_id: str, number: int) -> str:
    """The id of a trial's run, derived from its number: so it is submitted once."""
    return f"{sweep_id}_{number}"
