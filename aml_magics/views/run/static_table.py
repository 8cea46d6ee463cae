"""Many runs as one table."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.sparkline import sparkline_html
from aml_magics.views.static.element import element
from aml_magics.views.static.page import frame
from aml_magics.views.static.status import status_html, status_text
from aml_magics.views.static.table import Cell, Column, html_table, text_table
from aml_magics.views.text.format import count_text, seconds_text, value_text
from aml_magics.views.text.typeset import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.views.run.table import RunRowView, RunTableView
    from aml_magics.views.text.format import JsonValue

PARAMS: Final = 6
METRICS: Final = 6
_ALL: Final[Mapping[str, JsonValue]] = {}
_ASKED: Final = {
    "ids": "among those that are named",
    "experiment": "of experiment '{}'",
    "status": "with status {}",
    "filter": "that meets the filter {}",
}
_NOTHING: Final = "No runs yet. A cell that starts with %%aml_run makes one."


def run_table_html(view: RunTableView, query: Mapping[str, JsonValue] = _ALL) -> str:
    """The table of runs, with a small curve beside each metric that has one.

    Args:
        view: the table.
        query: what was asked for, as ``RunQuery`` in ``message.ts``; an empty table tells it.
    """
    label = f"Table of {count_text(len(view.rows) + view.more, 'run')}"
    if not view.rows:
        return frame("run-table", label, element("p", {"class": "aml-muted"}, _nothing(query)))
    columns = _columns(view)
    rows = [_row(view, row) for row in view.rows]
    return frame("run-table", label, _title(view), html_table(columns, rows, more=_more(view)))


def run_table_text(view: RunTableView, query: Mapping[str, JsonValue] = _ALL) -> str:
    """The same as text, at most 100 columns wide."""
    if not view.rows:
        words = _nothing(query)
        return "\n".join(wrap(words, 100 if words.isascii() else 50))  # a letter may be two wide
    rows = [_row(view, row) for row in view.rows]
    return "\n".join(text_table(_columns(view), rows, more=_more(view)))


def _nothing(query: Mapping[str, JsonValue]) -> str:
    asked = [
        phrase.format(shortened(one_line(str(query[field])), 200))
        for field, phrase in _ASKED.items()
        if query.get(field)
    ]
    return f"There is no run {', '.join(asked)}." if asked else _NOTHING


def _title(view: RunTableView) -> str | None:
    if _has_many_experiments(view):
        return None
    return element("h4", None, shortened(one_line(view.rows[0].experiment), 80))


def _has_many_experiments(view: RunTableView) -> bool:
    return len({row.experiment for row in view.rows}) > 1


def _columns(view: RunTableView) -> list[Column]:
    return [
        Column("Run", is_number=True),
        Column("Id", is_whole=True),
        Column("Name"),
        *([Column("Experiment")] if _has_many_experiments(view) else []),
        Column("Status", is_whole=True),
        Column("Time", is_number=True),
        *(Column(name, is_number=True, group="Metrics") for name in view.metrics[:METRICS]),
        *(Column(name, is_number=True, group="Parameters") for name in view.params[:PARAMS]),
    ]


def _row(view: RunTableView, row: RunRowView) -> list[Cell | str]:
    return [
        str(row.number),
        Cell(row.short_id, element("code", None, row.short_id)),
        row.name,
        *([row.experiment] if _has_many_experiments(view) else []),
        Cell(status_text(row.status), status_html(row.status)),
        seconds_text(row.elapsed),
        *(_metric(row, name) for name in view.metrics[:METRICS]),
        *(value_text(row.params.get(name)) for name in view.params[:PARAMS]),
    ]


def _metric(row: RunRowView, name: str) -> Cell:
    points = row.sparklines.get(name)
    return Cell(
        value_text(row.metrics.get(name)), before=sparkline_html(points) if points else None
    )


def _more(view: RunTableView) -> str:
    hidden = (
        (view.more, "more run"),
        (len(view.metrics) - METRICS, "more metric"),
        (len(view.params) - PARAMS, "more parameter"),
    )
    rest = ", ".join(count_text(count, noun) for count, noun in hidden if count > 0)
    return f"… {rest}" if rest else ""
