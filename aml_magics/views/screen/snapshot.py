"""What an output of a notebook keeps of a screen: small, since the file grows by it.

The other side of this is ``labextension/src/ui/snapshot.ts``.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aml_magics.views.chart.chart import thinned
from aml_magics.views.chart.decimation import keep_extremes
from aml_magics.views.chart.metric import MetricView, PointsView
from aml_magics.views.run.log import last_lines
from aml_magics.views.run.run import TAIL_LETTERS
from aml_magics.views.run.static import clipped
from aml_magics.views.text.encoding import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aml_magics.views.chart.table import TableView
    from aml_magics.views.compare.compare import (
        ComparedMetricView,
        ComparedValueView,
        CompareView,
        OverlayView,
    )
    from aml_magics.views.run.run import RunView
    from aml_magics.views.run.table import RunRowView, RunTableView
    from aml_magics.views.text.format import JsonScalar, JsonValue

Snapshot = dict[str, Any]
T = TypeVar("T")
R = TypeVar("R", bound="ComparedValueView | ComparedMetricView")

VERSION: Final = 1
RUN: Final = "application/vnd.aml-magics.run+json"
RUN_TABLE: Final = "application/vnd.aml-magics.run-table+json"
COMPARE: Final = "application/vnd.aml-magics.compare+json"
DATASET: Final = "application/vnd.aml-magics.dataset+json"

SERIES_POINTS: Final = 250
POINTS: Final = 400
FEWEST_POINTS: Final = 20
"""A curve has this many points at least; where too many would, the last of them have none."""

CELLS: Final = 600
LABELS: Final = 30
CHARTS: Final = 8
CHART_POINTS: Final = 600
FEWEST_CHART_POINTS: Final = 12
TABLE_BYTES: Final = 40_000
MOST_BYTES: Final = 20_000
"""Of what a screen shows beside a table's rows; of long texts and many values less is kept until it fits."""

SHARES: Final = (1, 2, 4, 8, 16, 32)
MATRIX_CELLS: Final = 900
FEWEST_ROWS: Final = 5
SPARK_POINTS: Final = 13
COMPARED: Final = 1_000
_TEXT: Final = 400
_LABEL: Final = 100
_MOST: Final = {
    "params": 100,
    "tags": 50,
    "metrics": 150,
    "images": 50,
    "files": 50,
    "children": 50,
    "datasets": 30,
    "warnings": 30,
}
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")  # no notebook with one can be saved


def run_snapshot(workspace: str, view: RunView, *, widget: str | None = None) -> Snapshot:
    """The snapshot of a run.

    Args:
        workspace: the name of its workspace.
        view: the run; :func:`small_run` is done here where it was not before.
        widget: the id of the live widget that shows it.
    """
    return snapshot_of(workspace, small_run(view), widget)


def run_table_snapshot(
    workspace: str,
    view: RunTableView,
    query: Mapping[str, JsonValue],
    *,
    widget: str | None = None,
) -> Snapshot:
    """The snapshot of a table of runs; ``query`` tells which, as ``RunQuery`` in ``message.ts``."""
    return {**snapshot_of(workspace, small_run_table(view), widget), "query": dict(query)}


def compare_snapshot(workspace: str, view: CompareView, *, widget: str | None = None) -> Snapshot:
    """The snapshot of a comparison."""
    return snapshot_of(workspace, small_compare(view), widget)


def packed(snapshot: Snapshot) -> Snapshot:
    """A snapshot as an output holds it: its view is JSON text, and names of fields stand once.

    A notebook is written with a line and its indentation for each number of a list, which would
    triple the size. ``unpacked`` in ``snapshot.ts`` is the way back.
    """
    return {**snapshot, "view": _compact(_by_column(snapshot["view"]))}


def small_run(view: RunView) -> RunView:
    """A run without what an output need not keep; small enough for 100 metrics of many points."""
    return fitting(lambda share: _small_run(view, share))


def _small_run(view: RunView, share: int) -> RunView:
    kept, notes = _first_ones(view, share)
    small = replace(view, **kept)
    error, most = small.error, _TEXT // share
    return replace(
        small,
        error=None
        if error is None
        else replace(
            error,
            message=_clip(error.message, most),
            traceback=clipped(error.traceback) if share == 1 else _end(error.traceback, most * 4),
        ),
        reason=_clip(small.reason, most),
        description=_clip(small.description, most),
        elapsed=_rounded(small.elapsed),
        params={name: _exact(value, most) for name, value in small.params.items()},
        tags={name: value and _clip(value, most) for name, value in small.tags.items()},
        metrics=_small_metrics(small.metrics, share),
        log_tail=last_lines(small.log_tail, TAIL_LETTERS // share),
        warnings=(*(_clip(line, most) for line in small.warnings), *notes),
    )


def fitting(small: Callable[[int], T]) -> T:
    """The screen with as much as there is room for; ``small`` makes it with a share of what it may keep."""
    for share in SHARES:
        made = small(share)
        if len(_compact(_by_column(plain(made))).encode("utf-8", "replace")) <= MOST_BYTES:
            break
    return made


def small_run_table(view: RunTableView) -> RunTableView:
    """A table with short sparklines, and with so many rows as take no more room than a run."""
    rows = tuple(_small_row(row, 1) for row in view.rows)
    size = len(_compact(plain(rows)).encode("utf-8", "replace"))
    if size > TABLE_BYTES:
        kept = view.rows[: max(FEWEST_ROWS, TABLE_BYTES * len(rows) // size)]
        rows = fitting(lambda share: tuple(_small_row(row, share) for row in kept))
    return replace(view, rows=rows, more=view.more + len(view.rows) - len(rows))


def small_compare(view: CompareView) -> CompareView:
    """A comparison with few points in each curve; of very many values those that differ stay."""
    return fitting(lambda share: _small_compare(view, share))


def _small_compare(view: CompareView, share: int) -> CompareView:
    most = COMPARED // share

    def kept(rows: Sequence[R]) -> tuple[R, ...]:
        differing = [row for row in rows if row.differs] if len(rows) > most else rows
        return tuple(
            replace(row, values=tuple(_exact(value, _TEXT // share) for value in row.values))
            for row in differing[:most]
        )

    return replace(
        view,
        params=kept(view.params),
        tags=kept(view.tags),
        metrics=kept(view.metrics),
        overlays=_small_overlays(view),
    )


def _small_overlays(view: CompareView) -> tuple[OverlayView, ...]:
    count = sum(1 for one in view.overlays for curve in one.curves if curve is not None)
    limit = _points_each(count)
    room = POINTS
    overlays: list[OverlayView] = []
    for overlay in view.overlays:
        small = _small_overlay(overlay, limit)
        room -= sum(len(curve.values) for curve in small.curves if curve is not None)
        if room < 0 and overlays:
            break
        overlays.append(small)
    return tuple(overlays)


def _first_ones(view: RunView, share: int) -> tuple[dict[str, Any], list[str]]:
    """The fields of a run of which only the first entries are kept, and a line about each."""
    kept: dict[str, Any] = {}
    notes: list[str] = []
    for name, whole in _MOST.items():
        most, entries = whole // share, getattr(view, name)
        if len(entries) > most:
            notes.append(f"This file keeps the first {most} of {len(entries):,} {name}.")
            entries = (
                dict(list(entries.items())[:most]) if isinstance(entries, dict) else entries[:most]
            )
            kept[name] = entries
    return kept, notes


def _small_metrics(metrics: Sequence[MetricView], share: int) -> tuple[MetricView, ...]:
    """Metrics that share the room for points, cells of tables and charts; the last may get none."""
    limit = _points_each(sum(1 for one in metrics if one.points is not None))
    points, cells, charts = POINTS, CELLS // share, CHARTS
    matrix_cells, files, most = MATRIX_CELLS // share, _MOST["files"] // share, _TEXT // share
    lines = sum(len(chart.series) for one in metrics for chart in one.charts)
    chart_points = max(FEWEST_CHART_POINTS, min(SERIES_POINTS, CHART_POINTS // max(1, lines)))
    small = []
    for metric in metrics:
        curve = (
            None if metric.points is None or points < limit else _small_curve(metric.points, limit)
        )
        points -= 0 if curve is None else limit
        table = None
        if metric.table is not None and cells > 0:
            table = _small_table(metric.table, cells, most)
            cells -= (len(table.rows) + 1) * len(table.columns)
        drawn = tuple(thinned(one, chart_points) for one in metric.charts[: max(0, charts)])
        charts -= len(drawn)
        matrix = metric.matrix
        if matrix is not None:
            size = len(matrix.labels)
            labels = tuple(_clip(label, _LABEL) for label in matrix.labels)
            is_kept = size <= LABELS and size * size <= matrix_cells
            matrix = replace(matrix, labels=labels) if is_kept else None
            matrix_cells -= size * size if is_kept else 0
        kept = metric.files[: max(0, files)]
        files -= len(kept)
        small.append(
            replace(
                metric,
                last=_small_value(metric.last, most),
                low=_small_value(metric.low, most),
                high=_small_value(metric.high, most),
                points=curve,
                table=table,
                matrix=matrix,
                files=kept,
                marks=tuple(
                    replace(mark, description=_clip(mark.description, most))
                    for mark in metric.marks[: len(kept)]
                ),
                charts=drawn,
            )
        )
    return tuple(small)


def _points_each(count: int) -> int:
    return max(FEWEST_POINTS, min(SERIES_POINTS, POINTS // max(1, count)))


def _small_curve(points: PointsView, limit: int) -> PointsView:
    """A curve with fewer points and digits, and with every peak."""
    kept = keep_extremes(points.numbers(), limit)
    return PointsView(
        tuple(points.steps[at] for at in kept),
        tuple(_rounded(points.times[at]) for at in kept),
        tuple(_small_value(points.values[at], _TEXT) for at in kept),
    )


def _small_table(table: TableView, cells: int, longest: int) -> TableView:
    columns = table.columns[:LABELS]
    most = max(1, cells // max(1, len(columns)))
    rows = tuple(
        tuple(_small_value(cell, longest) for cell in row[: len(columns)])
        for row in table.rows[:most]
    )
    return replace(table, columns=tuple(_clip(one, longest) for one in columns), rows=rows)


def _small_overlay(overlay: OverlayView, limit: int) -> OverlayView:
    curves = (None if one is None else _small_curve(one, limit) for one in overlay.curves)
    return replace(overlay, curves=tuple(curves))


def _small_row(row: RunRowView, share: int) -> RunRowView:
    most, count = _TEXT // share, COMPARED // share
    return replace(
        row,
        reason=_clip(row.reason, most),
        elapsed=_rounded(row.elapsed),
        params={name: _exact(value, most) for name, value in list(row.params.items())[:count]},
        tags={name: value and _clip(value, most) for name, value in list(row.tags.items())[:count]},
        metrics={
            name: _small_value(value, most) for name, value in list(row.metrics.items())[:count]
        },
        sparklines={
            name: _small_spark(values) for name, values in list(row.sparklines.items())[:count]
        },
    )


def _small_spark(values: tuple[JsonScalar, ...]) -> tuple[JsonScalar, ...]:
    numbers = [
        float("nan") if isinstance(value, str) or value is None else value for value in values
    ]
    return tuple(_small_value(values[at], _TEXT) for at in keep_extremes(numbers, SPARK_POINTS))


def _small_value(value: JsonScalar, most: int) -> JsonScalar:
    return _clip(value, most) if isinstance(value, str) else _rounded(value)


def _exact(value: JsonScalar, most: int) -> JsonScalar:
    """What somebody has set: all digits of a number."""
    return _clip(value, most) if isinstance(value, str) else value


def _rounded(value: Any) -> Any:  # noqa: ANN401 -- the kind of number that it is given
    """A float with six significant digits; anything else as it is."""
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _end(text: str, most: int) -> str:
    return text if len(text) <= most else f"…{text[1 - most :]}"


def snapshot_of(workspace: str, view: object, widget: str | None = None) -> Snapshot:
    """The snapshot of a view that is small already."""
    live = {} if widget is None else {"widget": widget}
    text = _LONE_SURROGATE.sub("\ufffd", _compact(plain(view)))
    return {"version": VERSION, "workspace": workspace, **live, "view": json.loads(text)}


def _compact(value: object) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _by_column(value: Any) -> Any:  # noqa: ANN401 -- any JSON value
    """Lists of objects with the same fields become one object: the fields, and a row for each."""
    if isinstance(value, dict):
        return {name: _by_column(item) for name, item in value.items()}
    if not isinstance(value, list) or not value or not isinstance(value[0], dict | list):
        return value
    items = [_by_column(item) for item in value]
    names = list(items[0]) if isinstance(items[0], dict) else []
    if (
        len(items) > 1
        and names
        and all(isinstance(one, dict) and list(one) == names for one in items)
    ):
        return {"$fields": names, "$rows": [list(one.values()) for one in items]}
    return items
