"""A table of runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.services.run import metric
from aml_magics.views.chart.curve import curves
from aml_magics.views.chart.metric import points_view
from aml_magics.views.run.run import elapsed
from aml_magics.views.text.encoding import JsonScalar, json_scalar
from aml_magics.views.text.format import iso, short_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.metric import MetricHead, Series
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.views.run.group import GroupView

ROWS: Final = 100
SPARK_POINTS: Final = 26
SPARK_SERIES: Final = 200
SPARK_READ: Final = 500_000
"""Points read for the sparklines of one table; rows further down get none, so that a
table of long runs is as fast as one of short runs."""


@dataclass(frozen=True, slots=True)
class RunRowView:
    """One run. ``metrics`` and ``sparklines`` are by metric, ``elapsed`` is in seconds."""

    id: str
    short_id: str
    number: int
    name: str
    experiment: str
    status: str
    reason: str
    starred: bool
    archived: bool
    started: str | None
    elapsed: float | None
    params: dict[str, JsonScalar]
    tags: dict[str, str | None]
    metrics: dict[str, JsonScalar]
    sparklines: dict[str, tuple[JsonScalar, ...]]


@dataclass(frozen=True, slots=True)
class RunTableView:
    """Rows of runs, with the parameters and metrics of all; ``more`` runs are left out.

    A table of groups has no rows: ``more`` is the number of runs in all of them.
    """

    params: tuple[str, ...]
    metrics: tuple[str, ...]
    rows: tuple[RunRowView, ...]
    more: int
    groups: tuple[GroupView, ...] | None = None


def run_table_view(
    store: Store,
    records: Sequence[RunRecord],
    *,
    rows: int = ROWS,
    more: int = 0,
    now: float | None = None,
) -> RunTableView:
    """The table of runs, in the given order.

    Args:
        rows: maximum number of rows.
        more: matching runs beyond ``records``.
        now: the end time for live runs; the present by default.
    """
    shown = records[:rows]
    heads = metric.heads(store, shown) if shown else {}
    drawn: dict[int, list[MetricHead]] = {}
    for record, head in _drawable(shown, heads):
        drawn.setdefault(record.key, []).append(head)
    series = {
        (record.key, name): found
        for record in shown
        if record.key in drawn
        for name, found in curves(store, record, drawn[record.key]).items()
    }
    return run_table_view_of(records, heads, series, rows=rows, more=more, now=now)


def run_table_view_of(
    records: Sequence[RunRecord],
    heads: Mapping[int, Sequence[MetricHead]],
    series: Mapping[tuple[int, str], Series],
    *,
    rows: int = ROWS,
    more: int = 0,
    now: float | None = None,
) -> RunTableView:
    """The table from records already read; ``heads`` and ``series`` are by the run's key."""
    shown = records[:rows]
    made = tuple(_row(record, heads.get(record.key, ()), series, now) for record in shown)
    return RunTableView(
        params=tuple(dict.fromkeys(name for row in made for name in row.params)),
        metrics=tuple(dict.fromkeys(name for row in made for name in row.metrics)),
        rows=made,
        more=more + len(records) - len(shown),
    )


def _drawable(
    records: Sequence[RunRecord], heads: Mapping[int, Sequence[MetricHead]]
) -> list[tuple[RunRecord, MetricHead]]:
    """The series to read, from the top until one of the two limits is reached."""
    found: list[tuple[RunRecord, MetricHead]] = []
    room = SPARK_READ
    for record in records:
        for head in heads.get(record.key, ()):
            if not head.is_result or not 1 < head.count <= room:
                continue
            if len(found) == SPARK_SERIES:
                return found
            room -= head.count
            found.append((record, head))
    return found


def _row(
    record: RunRecord,
    heads: Sequence[MetricHead],
    series: Mapping[tuple[int, str], Series],
    now: float | None,
) -> RunRowView:
    scalars = [head for head in heads if head.is_result]
    sparklines = {
        head.name: points.values
        for head in scalars
        if (found := series.get((record.key, head.name))) is not None
        and (points := points_view(found, SPARK_POINTS)) is not None
    }
    return RunRowView(
        id=record.id,
        short_id=short_id(record.id),
        number=record.number,
        name=record.name,
        experiment=record.experiment,
        status=str(record.status),
        reason=record.reason,
        starred=record.starred is not None,
        archived=record.archived is not None,
        started=iso(record.started),
        elapsed=elapsed(record, now),
        params={name: json_scalar(value) for name, value in record.params.items()},
        tags=dict(record.tags),
        metrics={head.name: _last(head) for head in scalars},
        sparklines=sparklines,
    )


def _last(head: MetricHead) -> JsonScalar:
    try:
        return json_scalar(head.value)
    except ValueError:  # one damaged value must not hide the others
        return None
