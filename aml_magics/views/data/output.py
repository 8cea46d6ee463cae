"""The notebook output of a dataset, kept small because it is saved in the notebook file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.services.data.dataset import find
from aml_magics.views.chart.small import exact, rounded, small_tags
from aml_magics.views.contract.question import output
from aml_magics.views.data.dataset import DatasetSubject, dataset_view
from aml_magics.views.data.static import dataset_page
from aml_magics.views.static.output import Output, fitting, snapshot_of
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.store.store import Store
    from aml_magics.views.chart.table import TableView
    from aml_magics.views.data.column import ColumnView, HistogramView
    from aml_magics.views.data.dataset import DatasetView
    from aml_magics.views.text.encoding import JsonScalar

DATASET: Final = "application/vnd.aml-magics.dataset+json"
ROWS: Final = 20
CELLS: Final = 400
COLUMNS: Final = 60
_TEXT: Final = 120
_TOP: Final = 5
_MOST: Final = {"tags": 50, "sources": 10, "steps": 20, "notices": 20, "versions": 20, "uses": 20}
_PATHS: Final = 40


@output
def dataset(store: Store, subject: DatasetSubject) -> Output:
    """The output of a dataset as it is now."""
    record = find(store, subject.dataset, subject.version)
    return dataset_output(store.record.name, dataset_view(store, record))


def dataset_output(workspace: str, view: DatasetView) -> Output:
    """The output of a dataset: its first rows and its profile."""
    return Output(
        DATASET,
        lambda: snapshot_of(workspace, small_dataset(view)),
        lambda: dataset_page(view),
    )


def small_dataset(view: DatasetView) -> DatasetView:
    """A dataset with few rows and columns; a notice gives the full numbers."""
    return fitting(lambda share: _small(view, share))


def _small(view: DatasetView, share: int) -> DatasetView:
    most, text = max(1, COLUMNS // share), max(8, _TEXT // share)
    hidden = len(view.columns) - most
    notes = (
        [f"This file keeps the first {most} of {len(view.columns):,} columns."]
        if hidden > 0
        else []
    )
    kept: dict[str, Any] = {
        name: _first(getattr(view, name), count // share) for name, count in _MOST.items()
    }
    kept["tags"] = small_tags(kept["tags"], text)
    for name in ("sources", "steps", "notices"):
        kept[name] = tuple(clipped(one, 3 * text) for one in kept[name])
    kept["notices"] = (*notes, *kept["notices"])
    kept["versions"] = tuple(
        replace(one, description=clipped(one.description, text)) for one in kept["versions"]
    )
    return replace(
        view,
        **kept,
        description=clipped(view.description, 4 * text),
        columns=tuple(_small_column(column, text, share) for column in view.columns[:most]),
        head=_small_head(view.head, share, text),
        paths=tuple(clipped(path, text) for path in view.paths[: _PATHS // share]),
        problem=clipped(view.problem, 4 * text),
    )


def _first(entries: Any, most: int) -> Any:  # noqa: ANN401 -- a tuple or a dict, as given
    return dict(list(entries.items())[:most]) if isinstance(entries, dict) else entries[:most]


def _small_column(column: ColumnView, text: int, share: int) -> ColumnView:
    return replace(
        column,
        low=_value(column.low, text),
        high=_value(column.high, text),
        mean=_rounded(column.mean),
        deviation=_rounded(column.deviation),
        quantiles=tuple((part, _value(value, text)) for part, value in column.quantiles),
        histogram=None if column.histogram is None else _small_histogram(column.histogram),
        top=tuple((_value(value, text), count) for value, count in column.top[: _TOP // share]),
    )


def _small_histogram(histogram: HistogramView) -> HistogramView:
    return replace(histogram, edges=tuple(_rounded(edge) for edge in histogram.edges))


def _small_head(head: TableView, share: int, text: int) -> TableView:
    columns = head.columns[: max(1, COLUMNS // share)]
    most = max(1, min(ROWS, CELLS // max(1, len(columns))) // share)
    rows = tuple(_cells(row[: len(columns)], text) for row in head.rows[:most])
    return replace(head, columns=columns, rows=rows)


def _cells(row: Sequence[JsonScalar], text: int) -> tuple[JsonScalar, ...]:
    return tuple(exact(cell, text) for cell in row)


def _value(value: JsonScalar, most: int) -> JsonScalar:
    return clipped(value, most) if isinstance(value, str) else _rounded(value)


def _rounded(value: Any) -> Any:  # noqa: ANN401 -- the kind of number that it is given
    """Round a float to ten significant digits, enough for seconds since the epoch."""
    return rounded(value, 10)
