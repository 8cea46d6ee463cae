"""Several runs side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from aml_magics.records.metric import USAGE, MetricKind, is_finite_number
from aml_magics.services.run import metric
from aml_magics.views.chart.curve import curves
from aml_magics.views.chart.direction import Direction, direction_of
from aml_magics.views.chart.metric import PointsView, points_view
from aml_magics.views.run.run import elapsed
from aml_magics.views.text.encoding import JsonScalar, Later, json_scalar
from aml_magics.views.text.format import iso, short_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aml_magics.records.metric import MetricHead, Series
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

CURVE_POINTS: Final = 500
FEWEST_POINTS: Final = 10
MOST_CURVES: Final = 500
"""Metrics beyond this number of curves show only their values."""

MOST_POINTS: Final = 100_000
"""Points of all curves of a comparison, which is sent whole whenever one of its runs changes."""

CURVED_RUNS: Final = 20
"""Runs from the first that have curves; more in one chart cannot be told apart, and are drawn as bands."""


@dataclass(frozen=True, slots=True)
class ComparedRunView:
    """The column header of one run; ``elapsed`` is in seconds, ``started`` in ISO 8601."""

    id: str
    short_id: str
    number: int
    name: str
    experiment: str
    status: str
    elapsed: float | None
    started: Later[str | None]


@dataclass(frozen=True, slots=True)
class ComparedValueView:
    """A parameter or tag: one value per run in the order of the runs; None if the run has none."""

    name: str
    values: tuple[JsonScalar, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class ComparedMetricView:
    """A metric: its last value in each run, and which runs have the extremes.

    ``low`` and ``high`` are positions of the runs with the lowest and highest value, empty if all are
    equal. ``best`` is one of the two if the user or the metric's name says which, else empty.
    """

    name: str
    values: tuple[JsonScalar, ...]
    differs: bool
    direction: Direction | None
    low: tuple[int, ...]
    high: tuple[int, ...]
    best: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OverlayView:
    """The curves of one metric, one per run; None for a run with fewer than two points."""

    name: str
    curves: tuple[PointsView | None, ...]


@dataclass(frozen=True, slots=True)
class CompareView:
    """The comparison of several runs.

    ``objective`` is the metric that the user named or the first whose better direction is known, if any;
    ``images`` names the metrics that are images; ``more`` runs meet the query and are left out.
    """

    runs: tuple[ComparedRunView, ...]
    params: tuple[ComparedValueView, ...]
    tags: tuple[ComparedValueView, ...]
    metrics: tuple[ComparedMetricView, ...]
    overlays: tuple[OverlayView, ...]
    objective: Later[str | None] = None
    images: Later[tuple[str, ...]] = ()
    more: Later[int] = 0


def compare_view(
    store: Store,
    records: Sequence[RunRecord],
    *,
    goals: Mapping[str, Direction] = MappingProxyType({}),
    more: int = 0,
    now: float | None = None,
) -> CompareView:
    """What differs between runs, and their curves in one plot.

    Args:
        records: the runs, in the order of the columns.
        goals: which way is better, by metric; else their names tell.
        more: runs that meet a query and are not among the records.
        now: the end time for live runs; the present by default.
    """
    heads = metric.heads(store, records) if records else {}
    long = {
        record.key: [
            head
            for head in heads.get(record.key, ())
            if head.kind is MetricKind.SCALAR and head.count > 1
        ]
        for record in records[:CURVED_RUNS]
    }
    names = _in_order([[head.name for head in found] for found in long.values()])
    drawn = set(names[: MOST_CURVES // max(1, len(long))])
    series = {
        (record.key, name): found
        for record in records[:CURVED_RUNS]
        for name, found in curves(
            store, record, [head for head in long[record.key] if head.name in drawn]
        ).items()
    }
    view = compare_view_of(records, heads, series, goals=goals, now=now)
    return replace(view, more=more)


def compare_view_of(
    records: Sequence[RunRecord],
    heads: Mapping[int, Sequence[MetricHead]],
    series: Mapping[tuple[int, str], Series],
    *,
    goals: Mapping[str, Direction] = MappingProxyType({}),
    now: float | None = None,
) -> CompareView:
    """The comparison from records already read; ``heads`` and ``series`` are by the run's key."""
    metrics = [
        {one.name: one for one in heads.get(record.key, ()) if one.kind is MetricKind.SCALAR}
        for record in records
    ]
    names = _in_order(metrics)
    most = max(FEWEST_POINTS, min(CURVE_POINTS, MOST_POINTS // max(1, len(series))))
    overlays = [_overlay(name, records, series, most) for name in names]
    compared = [
        compared_metric(name, [_last(each.get(name)) for each in metrics], goals.get(name))
        for name in names
    ]
    return CompareView(
        runs=tuple(compared_run(record, now) for record in records),
        params=_compared([record.params for record in records]),
        tags=_compared([record.tags for record in records]),
        metrics=tuple(compared),
        overlays=tuple(one for one in overlays if any(one.curves)),
        objective=_objective(compared, goals),
        images=_images(records, heads),
    )


def compared_metric(
    name: str, values: Sequence[object], goal: Direction | None = None
) -> ComparedMetricView:
    """One metric over the runs, with its extremes marked; ``goal`` says which is better."""
    numbers = {
        index: float(value)  # type: ignore[arg-type]
        for index, value in enumerate(values)
        if is_finite_number(value)
    }
    low, high = min(numbers.values(), default=0.0), max(numbers.values(), default=0.0)
    lowest = tuple(index for index, number in numbers.items() if number == low < high)
    highest = tuple(index for index, number in numbers.items() if number == high > low)
    direction = goal or direction_of(name)
    plain = tuple(json_scalar(value) for value in values)
    return ComparedMetricView(
        name=name,
        values=plain,
        differs=_differ(plain),
        direction=direction,
        low=lowest,
        high=highest,
        best=highest if direction == "higher" else lowest if direction == "lower" else (),
    )


def _in_order(names: Sequence[Iterable[str]]) -> list[str]:
    """Names of metrics in the order of the runs and of logging, those of the machine last."""
    found = dict.fromkeys(name for each in names for name in each)
    return sorted(found, key=lambda name: name.startswith(USAGE))


def _objective(metrics: Sequence[ComparedMetricView], goals: Mapping[str, Direction]) -> str | None:
    """The first goal that a run has; else the first metric with a known direction, best one that differs."""
    there = {one.name for one in metrics}
    told = [name for name in goals if name in there]
    known = [one for one in metrics if one.direction is not None]
    named = [one.name for one in sorted(known, key=lambda one: not one.differs)]
    return next(iter(told + named), None)


def _images(
    records: Sequence[RunRecord], heads: Mapping[int, Sequence[MetricHead]]
) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            head.name
            for record in records
            for head in heads.get(record.key, ())
            if head.kind is MetricKind.IMAGE
        )
    )


def _last(head: MetricHead | None) -> object:
    try:
        return None if head is None else head.value
    except ValueError:  # one damaged value must not hide the others
        return None


def _compared(all_values: Sequence[Mapping[str, object]]) -> tuple[ComparedValueView, ...]:
    names = dict.fromkeys(name for values in all_values for name in values)
    rows = [(name, tuple(json_scalar(values.get(name)) for values in all_values)) for name in names]
    return tuple(ComparedValueView(name, values, _differ(values)) for name, values in rows)


def _differ(values: Sequence[JsonScalar]) -> bool:
    # Python considers 1 and True equal, people do not.
    return len({(isinstance(value, bool), value) for value in values}) > 1


def _overlay(
    name: str, records: Sequence[RunRecord], series: Mapping[tuple[int, str], Series], most: int
) -> OverlayView:
    curves = [
        None if found is None else points_view(found, most, record.started)
        for record in records
        for found in [series.get((record.key, name))]
    ]
    return OverlayView(name, tuple(curves))


def compared_run(record: RunRecord, now: float | None = None) -> ComparedRunView:
    """The column header of a run."""
    return ComparedRunView(
        id=record.id,
        short_id=short_id(record.id),
        number=record.number,
        name=record.name,
        experiment=record.experiment,
        status=str(record.status),
        elapsed=elapsed(record, now),
        started=iso(record.started),
    )
