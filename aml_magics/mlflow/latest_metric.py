"""The latest metrics of runs, as MLflow defines them: the point with the highest step.

Of points with one step the latest counts, and of those with one time the largest value, as in MLflow's
own stores. Our head of a series is the point that was logged last. That is the same point as long as
steps and times grow, which only the points themselves show. So metrics with several points are read,
and of a metric that was read before only the new points.
"""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from mlflow.entities import Metric

from aml_magics.mlflow.entity import history_of, milliseconds
from aml_magics.records.metric import MetricHead, MetricKind, Series
from aml_magics.services.run import metric as metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class _Known:
    """The last point of a metric when its head was ``head``; None if it has no number."""

    head: MetricHead
    last: Any


_MOST: Final = 100_000
_known: weakref.WeakKeyDictionary[Store, dict[tuple[int, str], _Known]] = (
    weakref.WeakKeyDictionary()
)


def latest_metrics(store: Store, records: Sequence[RunRecord]) -> dict[int, list[Any]]:
    """The last numeric points of the runs' metrics, by the run's key."""
    heads = metrics.heads(store, records)
    return {record.key: _of_run(store, record, heads[record.key]) for record in records}


def _of_run(store: Store, record: RunRecord, heads: list[MetricHead]) -> list[Any]:
    kept = _known.setdefault(store, {})
    if len(kept) > _MOST:
        kept.clear()
    known = {
        head.name: one
        for head in heads
        if (one := kept.get((record.key, head.name))) and _goes_on(head, one.head)
    }
    numbers = [head for head in heads if head.kind is MetricKind.SCALAR]
    if any(
        head.count > 1 and (head.name not in known or known[head.name].head != head)
        for head in numbers
    ):
        known = _read(store, record, known)
        kept.update({(record.key, name): one for name, one in known.items()})
        numbers = [one.head for one in known.values()]
    found = [known[head.name].last if head.name in known else _of_head(head) for head in numbers]
    return [one for one in found if one is not None]


def _goes_on(head: MetricHead, before: MetricHead) -> bool:
    """Whether a series continues the known one; a restored catalogue may have another."""
    return head == before or head.count > before.count


def _read(store: Store, record: RunRecord, known: dict[str, _Known]) -> dict[str, _Known]:
    counts = {name: one.head.count for name, one in known.items()}
    reading = metrics.read(
        store,
        record,
        lambda head: head.kind is MetricKind.SCALAR and head.count > 1,
        since=counts,
    )
    found: dict[str, _Known] = {}
    for head in reading.heads:
        if head.kind is not MetricKind.SCALAR:
            continue
        tail = reading.tails.get(head.name)
        points = []
        # A tail from point 0 is a whole series, which has the known point or replaces its series.
        if head.name in known and (tail is None or tail.first):
            points.append(known[head.name].last)
        if tail is not None and tail.points is not None:
            points.append(_last_of(tail.points))
        last = max(filter(None, points), key=place, default=None)
        found[head.name] = _Known(head, _of_head(head) if last is None else last)
    return found


def _last_of(series: Series) -> Any:
    """The last point of a series, by MLflow's order."""
    if isinstance(series.values, list):
        return max(history_of(series), key=place, default=None)
    # as `place` says, without an object for each of a million points
    places = np.flatnonzero(series.steps == series.steps.max())
    times = np.rint(series.times[places] * 1000)
    places = places[times == times.max()]
    return max(history_of(series.at(places)), key=place)


def place(point: Any) -> tuple[int, int, float]:
    """MLflow's sort key of points; it stores NaN as 0."""
    return point.step, point.timestamp, 0.0 if math.isnan(point.value) else point.value


def _of_head(head: MetricHead) -> Any:
    """The head as MLflow's point; used for a single point, or if others are damaged."""
    value = head.value
    if not isinstance(value, int | float):
        return None
    return Metric(head.name, float(value), milliseconds(head.time), head.step)
