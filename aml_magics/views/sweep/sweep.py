"""A sweep: how far it is, and its trials."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.kinds.policies._base import POLICIES
from aml_magics.records.sweep.parameter_expression import CHOICE
from aml_magics.records.sweep.sweep import ENDED_EARLY, Goal, Named
from aml_magics.services.run import run as runs
from aml_magics.services.sweep.request import shortage_of, trials_expected
from aml_magics.services.sweep.result import results, sweep_of
from aml_magics.views.chart.direction import Direction  # noqa: TC001 -- a field of a message
from aml_magics.views.text.encoding import JsonScalar, Later, json_scalar
from aml_magics.views.text.format import (
    count_text,
    iso,
    number_text,
    seconds_text,
    short_id,
    value_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.records.sweep.sweep import SweepRecord
    from aml_magics.services.sweep.result import TrialResult
    from aml_magics.store.store import Store

MOST_TRIALS: Final = 5_000
"""Trials of a view, the first by number; the best one is among them or named apart."""


@dataclass(frozen=True, slots=True)
class SweepSubject:
    """The run of a sweep, by its full id."""

    run: str


@dataclass(frozen=True, slots=True)
class SweepTrialView:
    """A trial; the id of its run is that of the sweep, ``_`` and ``number``.

    ``values`` are in the order of the sweep's parameters. ``metric`` is its best so far. ``is_early`` is whether the
    policy ended it. ``seconds`` is how long it took, None until it has ended.
    """

    number: int
    status: str
    is_early: bool
    metric: JsonScalar
    started: str | None
    seconds: float | None
    reason: str
    values: tuple[JsonScalar, ...]


@dataclass(frozen=True, slots=True)
class SweepParameterView:
    """A parameter, and the expression that its values are drawn from."""

    name: str
    expression: str


@dataclass(frozen=True, slots=True)
class SweepView:
    """A sweep with its trials by number; ``more`` of them are left out.

    ``total`` is how many trials there will be, ``there`` how many there are; ``done`` of them have ended, ``early`` of
    those by the policy, and ``running`` go on. ``best`` is the best trial. ``notice`` says where there are fewer trials
    than were asked for; empty for nothing.
    """

    workspace: str
    id: str
    short_id: str
    name: str
    experiment: str
    status: str
    is_terminal: bool
    reason: str
    metric: str
    goal: Direction
    sampler: str
    policy: str
    parameters: tuple[SweepParameterView, ...]
    total: int
    there: int
    done: int
    early: int
    running: int
    max_minutes: float
    created: str | None
    started: str | None
    ended: str | None
    seconds_left: float | None
    best: SweepTrialView | None
    trials: tuple[SweepTrialView, ...]
    more: int
    notice: Later[str] = ""


def sweep_view(store: Store, run: RunRecord | str, *, now: float | None = None) -> SweepView:
    """The view of a sweep.

    Args:
        run: the record of its run, or its id.
        now: the present by default.

    Raises:
        RunNotFoundError: no run has the id.
        SweepError: the run is no sweep.
    """
    record = runs.get(store, run if isinstance(run, str) else run.id)
    sweep = sweep_of(store, record)
    found = results(store, record)
    return sweep_view_of(
        store.record.name, record, sweep, found, time.time() if now is None else now
    )


def sweep_view_of(
    workspace: str, record: RunRecord, sweep: SweepRecord, found: Sequence[TrialResult], now: float
) -> SweepView:
    """The view from what was read already."""
    names = list(sweep.space)
    with_metric = [one for one in found if one.metric is not None]
    best = max(with_metric, key=lambda one: sweep.goal.sign * (one.metric or 0.0), default=None)
    is_over = record.status.is_terminal
    total = len(found) if is_over else max(len(found), trials_expected(sweep))
    return SweepView(
        workspace=workspace,
        id=record.id,
        short_id=short_id(record.id),
        name=record.name,
        experiment=record.experiment,
        status=str(record.status),
        is_terminal=is_over,
        reason=record.reason,
        metric=sweep.metric,
        goal="higher" if sweep.goal is Goal.MAXIMIZE else "lower",
        sampler=_named_text(
            Named(sweep.sampler.name.removesuffix("_sampling"), sweep.sampler.settings)
        ),
        policy=_named_text(sweep.policy) if _ends_trials(sweep.policy) else "",
        parameters=tuple(
            SweepParameterView(name, expression_text(written))
            for name, written in sweep.space.items()
        ),
        total=total,
        there=len(found),
        done=sum(one.status.is_terminal for one in found),
        early=sum(_is_early(one) for one in found),
        running=sum(_is_running(one) for one in found),
        max_minutes=sweep.max_minutes,
        created=iso(record.created),
        started=iso(record.started),
        ended=iso(record.ended),
        seconds_left=None if is_over else seconds_left(record, sweep, found, total, now),
        best=None if best is None else _trial(best, names),
        trials=tuple(_trial(one, names) for one in found[:MOST_TRIALS]),
        more=max(0, len(found) - MOST_TRIALS),
        notice=shortage_of(sweep),
    )


def seconds_left(
    record: RunRecord,
    sweep: SweepRecord,
    found: Sequence[TrialResult],
    total: int,
    now: float,
) -> float | None:
    """How long a sweep will go on, by the trials that have ended; None before the first has.

    Trials that go on have as much left as the mean is longer than they are, and those to come share their places.
    """
    took = [
        one.ended - one.started
        for one in found
        if one.status.is_terminal and one.ended is not None and one.started is not None
    ]
    if not took or record.started is None:
        return None
    mean = sum(took) / len(took)
    ages = [now - (one.started or now) for one in found if _is_running(one)]
    done = sum(one.status.is_terminal for one in found)
    work = sum(max(0.0, mean - age) for age in ages) + (total - done - len(ages)) * mean
    limit = record.started + 60 * sweep.max_minutes - now
    return round(max(0.0, min(work / max(1, len(ages)), limit)), 1)


def progress_text(view: SweepView) -> str:
    """How far a sweep is, in one line: ``12 of 20 trials, 4 go on, about 2 min 05 s left``."""
    if view.is_terminal:
        parts = [count_text(view.there, "trial")]
    else:
        parts = [f"{view.done:,} of {count_text(view.total, 'trial')}"]
        parts += [f"{view.running:,} go on"] if view.running else []
    parts += [f"{view.early:,} ended early"] if view.early else []
    if view.seconds_left is not None:
        parts.append(f"about {seconds_text(view.seconds_left)} left")
    return ", ".join(parts)


def expression_text(written: Sequence[Any]) -> str:
    """An expression as it is typed: ``loguniform(-6, -1)``."""
    name, arguments = written
    values = arguments[0] if name == CHOICE else arguments
    return (
        f"{name}({', '.join(one if isinstance(one, str) else json.dumps(one) for one in values)})"
    )


def values_text(view: SweepView, trial: SweepTrialView) -> str:
    """The values of a trial by name: ``lr = 0.01, depth = 4``."""
    pairs = zip(view.parameters, trial.values, strict=True)
    return ", ".join(f"{one.name.lstrip('-')} = {value_text(value)}" for one, value in pairs)


def metric_text(trial: SweepTrialView) -> str:
    """The metric of a trial for people; empty if it has none."""
    value = trial.metric
    return number_text(value) if isinstance(value, int | float) else value_text(value)


def trial_run(view: SweepView, trial: SweepTrialView) -> str:
    """The id of a trial's run."""
    return f"{view.id}_{trial.number}"


def _trial(one: TrialResult, names: Sequence[str]) -> SweepTrialView:
    is_early = _is_early(one)
    is_known = one.status.is_terminal and one.started is not None and one.ended is not None
    return SweepTrialView(
        number=one.number,
        status=str(one.status),
        is_early=is_early,
        metric=json_scalar(one.metric),
        started=iso(one.started),
        seconds=round((one.ended or 0.0) - (one.started or 0.0), 3) if is_known else None,
        reason=one.reason,
        values=tuple(_value(one.values.get(name)) for name in names),
    )


def _value(value: object) -> JsonScalar:
    """A value as a cell shows it; lists, which a choice may hold, are texts."""
    return json.dumps(value) if isinstance(value, list | dict) else json_scalar(value)


def _is_early(one: TrialResult) -> bool:
    return one.reason.startswith(ENDED_EARLY)


def _is_running(one: TrialResult) -> bool:
    return one.started is not None and not one.status.is_terminal


def _ends_trials(policy: Named | None) -> bool:
    return policy is not None and POLICIES.load(policy.name).ends_trials


def _named_text(named: Named | None) -> str:
    if named is None:
        return ""
    settings = ", ".join(
        f"{name}={json.dumps(value)}" for name, value in named.settings.items() if value is not None
    )
    return f"{named.name}({settings})" if settings else named.name
