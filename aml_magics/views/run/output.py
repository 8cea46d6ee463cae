"""The notebook outputs of a run and of a table of runs, kept small because they are saved in the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.services.run import run as runs_service
from aml_magics.views.chart.chart import thinned
from aml_magics.views.chart.decimation import keep_extremes
from aml_magics.views.chart.small import (
    COMPARED,
    POINTS,
    SERIES_POINTS,
    TEXT,
    exact,
    points_each,
    rounded,
    small_curve,
    small_tags,
    small_value,
)
from aml_magics.views.contract.question import output
from aml_magics.views.run.follow import RunSubject
from aml_magics.views.run.log import last_lines
from aml_magics.views.run.run import TAIL_LETTERS, run_view
from aml_magics.views.run.static import run_page, without_middle
from aml_magics.views.run.static_table import run_table_page
from aml_magics.views.run.table_follow import RunTableSubject
from aml_magics.views.static.output import Output, fitting, snapshot_of
from aml_magics.views.text.encoding import to_json
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.store.store import Store
    from aml_magics.views.chart.metric import MetricView
    from aml_magics.views.chart.table import TableView
    from aml_magics.views.run.run import RunView
    from aml_magics.views.run.table import RunRowView, RunTableView
    from aml_magics.views.text.encoding import JsonScalar, JsonValue

RUN: Final = "application/vnd.aml-magics.run+json"
RUN_TABLE: Final = "application/vnd.aml-magics.run-table+json"
CELLS: Final = 600
LABELS: Final = 30
CHARTS: Final = 8
CHART_POINTS: Final = 600
FEWEST_CHART_POINTS: Final = 12
TABLE_BYTES: Final = 40_000
MATRIX_CELLS: Final = 900
FEWEST_ROWS: Final = 5
SPARK_POINTS: Final = 13
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


@output
def run(store: Store, subject: RunSubject) -> Output:
    """The output of a run as it is now."""
    return run_output(store.record.name, run_view(store, runs_service.get(store, subject.run)))


@output
def runs(store: Store, subject: RunTableSubject) -> Output:
    """The output of a table of runs as it is now."""
    return run_table_output(store.record.name, subject.query.table(store), subject.query.given)


def run_output(workspace: str, view: RunView, *, in_cell: bool = False) -> Output:
    """The output of one run.

    Args:
        in_cell: whether it is shown by the run's own cell, below which stands what the cell prints.
    """
    small = small_run(view)
    about = {"in_cell": True} if in_cell else {}
    return Output(
        RUN,
        lambda: {**snapshot_of(workspace, small), **about},
        lambda: run_page(small, in_cell=in_cell),
    )


def run_table_output(workspace: str, view: RunTableView, query: Mapping[str, JsonValue]) -> Output:
    """The output of a table of runs; ``query`` is its ``RunQuery``."""
    return Output(
        RUN_TABLE,
        lambda: {**snapshot_of(workspace, small_run_table(view)), "query": dict(query)},
        lambda: run_table_page(view, query),
    )


def small_run(view: RunView) -> RunView:
    """A run reduced for a saved output; small even with 100 metrics of many points."""
    return fitting(lambda share: _small_run(view, share))


def _small_run(view: RunView, share: int) -> RunView:
    kept, notes = _first_ones(view, share)
    small = replace(view, **kept)
    error, most = small.error, TEXT // share
    return replace(
        small,
        error=None
        if error is None
        else replace(
            error,
            message=clipped(error.message, most),
            traceback=without_middle(error.traceback)
            if share == 1
            else _end(error.traceback, most * 4),
        ),
        reason=clipped(small.reason, most),
        description=clipped(small.description, most),
        elapsed=rounded(small.elapsed),
        params={name: exact(value, most) for name, value in small.params.items()},
        tags=small_tags(small.tags, most),
        metrics=_small_metrics(small.metrics, share),
        log_tail=last_lines(small.log_tail, TAIL_LETTERS // share),
        warnings=(*(clipped(line, most) for line in small.warnings), *notes),
    )


def _end(text: str, most: int) -> str:
    return text if len(text) <= most else f"…{text[1 - most :]}"


def small_run_table(view: RunTableView) -> RunTableView:
    """A table with short sparklines, and with as many rows as take no more room than a run."""
    rows = tuple(_small_row(row, 1) for row in view.rows)
    size = len(to_json(rows))
    if size > TABLE_BYTES:
        kept = view.rows[: max(FEWEST_ROWS, TABLE_BYTES * len(rows) // size)]
        rows = fitting(lambda share: tuple(_small_row(row, share) for row in kept))
    return replace(view, rows=rows, more=view.more + len(view.rows) - len(rows))


def _first_ones(view: RunView, share: int) -> tuple[dict[str, Any], list[str]]:
    """The fields of a run cut to their first entries, and a notice about each."""
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
    limit = points_each(sum(1 for one in metrics if one.points is not None))
    points, cells, charts = POINTS, CELLS // share, CHARTS
    matrix_cells, files, most = MATRIX_CELLS // share, _MOST["files"] // share, TEXT // share
    lines = sum(len(chart.series) for one in metrics for chart in one.charts)
    chart_points = max(FEWEST_CHART_POINTS, min(SERIES_POINTS, CHART_POINTS // max(1, lines)))
    small = []
    for metric in metrics:
        curve = (
            None if metric.points is None or points < limit else small_curve(metric.points, limit)
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
            labels = tuple(clipped(label, _LABEL) for label in matrix.labels)
            is_kept = size <= LABELS and size * size <= matrix_cells
            matrix = replace(matrix, labels=labels) if is_kept else None
            matrix_cells -= size * size if is_kept else 0
        kept = metric.files[: max(0, files)]
        files -= len(kept)
        small.append(
            replace(
                metric,
                last=small_value(metric.last, most),
                low=small_value(metric.low, most),
                high=small_value(metric.high, most),
                points=curve,
                table=table,
                matrix=matrix,
                files=kept,
                marks=tuple(
                    replace(mark, description=clipped(mark.description, most))
                    for mark in metric.marks[: len(kept)]
                ),
                charts=drawn,
            )
        )
    return tuple(small)


def _small_table(table: TableView, cells: int, longest: int) -> TableView:
    columns = table.columns[:LABELS]
    most = max(1, cells // max(1, len(columns)))
    rows = tuple(
        tuple(small_value(cell, longest) for cell in row[: len(columns)])
        for row in table.rows[:most]
    )
    return replace(table, columns=tuple(clipped(one, longest) for one in columns), rows=rows)


def _small_row(row: RunRowView, share: int) -> RunRowView:
    most, count = TEXT // share, COMPARED // share
    return replace(
        row,
        reason=clipped(row.reason, most),
        elapsed=rounded(row.elapsed),
        params={name: exact(value, most) for name, value in list(row.params.items())[:count]},
        tags=small_tags(dict(list(row.tags.items())[:count]), most),
        metrics={
            name: small_value(value, most) for name, value in list(row.metrics.items())[:count]
        },
        sparklines={
            name: _small_spark(values) for name, values in list(row.sparklines.items())[:count]
        },
    )


def _small_spark(values: tuple[JsonScalar, ...]) -> tuple[JsonScalar, ...]:
    numbers = [
        float("nan") if isinstance(value, str) or value is None else value for value in values
    ]
    return tuple(small_value(values[at], TEXT) for at in keep_extremes(numbers, SPARK_POINTS))
