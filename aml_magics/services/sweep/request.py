"""What is asked for when a sweep is submitted, checked before anything is kept."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import SweepError, described
from aml_magics.kinds.policies._base import POLICIES, Policy
from aml_magics.kinds.samplers._base import SAMPLERS, Sampler
from aml_magics.records.sweep.parameter_expression import checked_space
from aml_magics.records.sweep.sweep import Goal, Named
from aml_magics.services.process.queue import slots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.sweep.sweep import EarlierTrial, SweepRecord

MAX_MINUTES: Final = 10_080
"""The longest time of a sweep unless another is given: a week."""

MOST_AT_ONCE: Final = 100
"""Trials that are submitted at once unless another number is given."""


@dataclass(frozen=True, slots=True)
class SweepRequest:
    """How to search a space of parameters.

    ``space`` is an expression by parameter, as Azure writes it.
    ``resume_from`` are ids of sweeps to learn from, and ``resume_trials`` ids of trials to run again first.
    """

    sampler: Named
    space: dict[str, Any]
    metric: str
    goal: Goal
    most_trials: int
    most_at_once: int | None = None
    max_minutes: float = MAX_MINUTES
    policy: Named | None = None
    resume_from: tuple[str, ...] = ()
    resume_trials: tuple[str, ...] = ()
    run_id: str | None = None
    tags: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse at once what could not run."""
        sampler = make_sampler(self.sampler, self.space, 0, self.goal)
        make_policy(self.policy)
        if not str(self.metric or "").strip() or type(self.metric) is not str:
            raise SweepError(
                f"primary_metric_name is the name of a metric that the script logs, not {described(self.metric)}."
            )
        _check_count("max_total_runs", self.most_trials)
        if self.most_at_once is not None:
            _check_count("max_concurrent_runs", self.most_at_once)
        minutes = self.max_minutes
        if isinstance(minutes, bool) or not isinstance(minutes, int | float):
            raise SweepError(f"max_duration_minutes is a number, not {described(minutes)}.")
        if not (math.isfinite(minutes) and minutes > 0):
            raise SweepError(f"max_duration_minutes is above 0, not {minutes!r}.")
        if self.resume_from and not sampler.learns:
            raise SweepError(
                f"resume_from lets a sampler learn from earlier sweeps, and {self.sampler.name} learns nothing; use "
                "BayesianParameterSampling, or leave resume_from out."
            )

    @property
    def at_once(self) -> int:
        """How many trials go on at once: those asked for, else few for a sampler that learns from them."""
        if self.most_at_once is not None:
            return min(self.most_at_once, self.most_trials)
        learns = SAMPLERS.load(self.sampler.name).learns
        return min(self.most_trials, slots() if learns else MOST_AT_ONCE)

    @property
    def expected(self) -> int:
        """How many trials there will be: as many as asked for, or as the space has samples."""
        sampler = make_sampler(self.sampler, self.space, 0, self.goal)
        return _expected(sampler, self.most_trials, len(self.resume_trials))

    @property
    def shortage(self) -> str:
        """A sentence where the space has fewer samples than trials are asked for; else empty."""
        return _shortage(self.expected, self.most_trials)


def make_sampler(
    named: Named,
    space: Mapping[str, Any],
    seed: int,
    goal: Goal,
    earlier: Sequence[EarlierTrial] = (),
) -> Sampler:
    """The sampler of a sweep.

    Raises:
        SweepError: an expression or a setting that it does not take.
        NotFoundError: there is no such sampler.
        DependencyError: it needs a package that is not installed.
    """
    return SAMPLERS.load(named.name)(checked_space(space), named.settings, seed, goal, earlier)


def sampler_of(sweep: SweepRecord) -> Sampler:
    """The sampler of a sweep that is there; errors as :func:`make_sampler`."""
    return make_sampler(sweep.sampler, sweep.space, sweep.seed, sweep.goal, sweep.earlier)


def trials_expected(sweep: SweepRecord) -> int:
    """How many trials a sweep will have: as many as asked for, or as its space has samples."""
    # one that learns may need a package that a reader has not
    learns = SAMPLERS.load(sweep.sampler.name).learns
    sampler = None if learns else sampler_of(sweep)
    return _expected(sampler, sweep.most_trials, len(sweep.resumed))


def shortage_of(sweep: SweepRecord) -> str:
    """A sentence where the space of a sweep has fewer samples than trials were asked for; else empty."""
    return _shortage(trials_expected(sweep), sweep.most_trials)


def make_policy(named: Named | None) -> Policy:
    """The policy of a sweep; without one every trial ends itself.

    Raises:
        SweepError: a setting that breaks its rule.
        NotFoundError: there is no such policy.
    """
    wanted = named or Named("no_termination")
    return POLICIES.load(wanted.name)(wanted.settings)


def _expected(sampler: Sampler | None, most: int, resumed: int) -> int:
    size = None if sampler is None or sampler.learns else sampler.size
    return most if size is None else min(most, resumed + size)


def _shortage(expected: int, most: int) -> str:
    if expected == most:
        return ""
    return f"Trials of this sweep: {expected:,}, as its space has no more combinations; max_total_runs is {most:,}."


def _check_count(name: str, given: object) -> None:
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise SweepError(f"{name} is a whole number from 1, not {described(given)}.")
