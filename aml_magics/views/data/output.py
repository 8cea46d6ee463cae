"""What an output of a notebook keeps of a dataset: little, since the file grows by it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.views.screen.snapshot import fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.chart.table import TableView
    from aml_magics.views.data.column import ColumnView, HistogramView
    from aml_magics.views.data.dataset import DatasetView
    from aml_magics.views.text.format import JsonScalar

ROWS: Final = 20
CELLS: Final = 400
COLUMNS: Final = 60
_TEXT: Final = 120
_TOP: Final = 5
_MOST: Final = {"tags": 50, "sources": 10, "steps": 20, "notices": 20, "versions": 20, "uses": 20}
_PATHS: Final = 40


def small_dataset(view: DatasetView) -> DatasetView:
    """A dataset with few rows and columns; a notice says of how many."""
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
    kept["tags"] = {name: value and _clip(value, text) for name, value in kept["tags"].items()}
    for name in ("sources", "steps", "notices"):
        kept[name] = tuple(_clip(one, 3 * text) for one in kept[name])
    kept["notices"] = (*notes, *kept["notices"])
    kept["versions"] = tuple(
        replace(one, description=_clip(one.description, text)) for one in kept["versions"]
    )
    return replace(
        view,
        **kept,
        description=_clip(view.description, 4 * text),
        columns=tuple(_small_column(column, text, share) for column in view.columns[:most]),
        head=_small_head(view.head, share, text),
        paths=tuple(_clip(path, text) for path in view.paths[: _PATHS // share]),
        problem=_clip(view.problem, 4 * text),
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
    return tuple(_clip(cell, text) if isinstance(cell, str) else cell for cell in row)


def _value(value: JsonScalar, most: int) -> JsonScalar:
    return _clip(value, most) if isinstance(value, str) else _rounded(value)


def _rounded(value: Any) -> Any:  # noqa: ANN401 -- the kind of number that it is given
    """A float with ten significant digits, which tell seconds of moments apart."""
    return float(f"{value:.10g}") if isinstance(value, float) else value


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
