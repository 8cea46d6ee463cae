"""What changed from one version of a dataset to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.data.static_histogram import histogram_html, histogram_text
from aml_magics.views.static.element import element, joined
from aml_magics.views.static.page import frame
from aml_magics.views.static.table import LINE, Cell, Column, html_table, text_table
from aml_magics.views.text.format import count_text
from aml_magics.views.text.typeset import one_line, shortened

if TYPE_CHECKING:
    from aml_magics.views.data.column import ColumnView
    from aml_magics.views.data.diff import ColumnChangeView, DatasetDiffView

ROWS: Final = 100
_COLUMNS: Final = [
    Column("Column"),
    Column("Changes", is_whole=True),
    Column("Before"),
    Column("After"),
]


def dataset_diff_html(view: DatasetDiffView) -> str:
    """The columns that changed, with their histograms side by side."""
    label = f"Dataset, version {view.before} beside {view.after}"
    rows = [_row(change) for change in _changed(view)[:ROWS]]
    table = html_table(_COLUMNS, rows, more=_more(view)) if rows else None
    return frame("dataset-diff", label, element("p", None, _summary(view)), table)


def dataset_diff_text(view: DatasetDiffView) -> str:
    """The same as text, at most 100 columns wide."""
    rows = [_row(change) for change in _changed(view)[:ROWS]]
    table = text_table(_COLUMNS, rows, more=_more(view)) if rows else []
    return "\n".join([shortened(_summary(view), LINE), *table])


def _changed(view: DatasetDiffView) -> list[ColumnChangeView]:
    return [change for change in view.columns if change.changes]


def _summary(view: DatasetDiffView) -> str:
    rows = f"{_count(view.rows_before)} → {_count(view.rows_after)} rows"
    same = len(view.columns) - len(_changed(view))
    told = f"{count_text(len(_changed(view)), 'column')} changed, {same:,} as before"
    return f"Version {view.before} → {view.after}: {rows}; {told}."


def _count(rows: int | None) -> str:
    return "?" if rows is None else f"{rows:,}"


def _row(change: ColumnChangeView) -> list[Cell | str]:
    lines = joined(*(element("div", None, one_line(phrase)) for phrase in change.changes))
    words = Cell("; ".join(change.changes), lines, css="aml-phrases")
    return [change.name, words, _drawn(change.before), _drawn(change.after)]


def _drawn(column: ColumnView | None) -> Cell:
    if column is None:
        return Cell("")
    if column.histogram is None:
        return Cell(column.type)
    return Cell(histogram_text(column.histogram), histogram_html(column.histogram))


def _more(view: DatasetDiffView) -> str:
    hidden = len(_changed(view)) - ROWS
    return f"… {count_text(hidden, 'more column')}" if hidden > 0 else ""
