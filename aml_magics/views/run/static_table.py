"""Tables of runs and of experiments."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.static_curve import sparkline_html
from aml_magics.views.static.element import element
from aml_magics.views.static.page import Drawing, Page, paragraph
from aml_magics.views.static.status import counts_text, status_cell
from aml_magics.views.static.table import Cell, Column, Table, code_cell
from aml_magics.views.text.format import (
    count_text,
    more_text,
    plain_value,
    seconds_text,
    timestamp_text,
)
from aml_magics.views.text.typeset import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.views.run.experiments import ExperimentsView
    from aml_magics.views.run.table import RunRowView, RunTableView
    from aml_magics.views.text.encoding import JsonValue

PARAMS: Final = 6
METRICS: Final = 6
EXPERIMENTS: Final = 100
_ALL: Final[Mapping[str, JsonValue]] = {}
_ASKED: Final = {
    "ids": "among those that are named",
    "experiment": "of experiment '{}'",
    "status": "with status {}",
    "filter": "that meets the filter {}",
}


def run_table_page(view: RunTableView, query: Mapping[str, JsonValue] = _ALL) -> Page:
    """The table of runs, with a sparkline beside each metric that has a curve.

    Args:
        query: the ``RunQuery``, named by an empty table.
    """
    label = f"Table of {count_text(len(view.rows) + view.more, 'run')}"
    if not view.rows:
        return Page("run-table", label, [_nothing(query)])
    experiments = {row.experiment for row in view.rows}
    columns = [
        Column("Run", is_number=True),
        Column("Id", is_whole=True),
        Column("Name"),
        *([Column("Experiment")] if len(experiments) > 1 else []),
        Column("Status", is_whole=True),
        Column("Time", is_number=True),
        *(Column(name, is_number=True, group="Metrics") for name in view.metrics[:METRICS]),
        *(Column(name, is_number=True, group="Parameters") for name in view.params[:PARAMS]),
    ]
    rows = [_row(view, row, has_experiment=len(experiments) > 1) for row in view.rows]
    title = shortened(one_line(view.rows[0].experiment), 80) if len(experiments) == 1 else None
    return Page(
        "run-table",
        label,
        [
            Drawing(lambda: None if title is None else element("h4", None, title)),
            Table(columns, rows, more=_more(view)),
        ],
    )


def experiments_page(view: ExperimentsView) -> Page:
    """The table of experiments."""
    columns = [
        Column("Experiment"),
        Column("Runs", is_number=True),
        Column("Statuses"),
        Column("Created"),
    ]
    rows = [
        [
            f"{row.name} (archived)" if row.is_archived else row.name,
            f"{row.runs:,}",
            counts_text(row.by_status),
            timestamp_text(row.created),
        ]
        for row in view.rows[:EXPERIMENTS]
    ]
    more = more_text(len(view.rows), EXPERIMENTS, "experiment")
    nothing = paragraph("No experiments yet. The first run makes one.")
    label = f"{count_text(len(view.rows), 'experiment')} of workspace {view.workspace}"
    return Page("experiments", label, [Table(columns, rows, more) if rows else nothing])


def _nothing(query: Mapping[str, JsonValue]) -> Drawing:
    """The message of an empty table, which names the query."""
    asked = [
        phrase.format(shortened(one_line(str(query[field])), 200))
        for field, phrase in _ASKED.items()
        if query.get(field)
    ]
    text = "No runs yet. A cell that starts with %%aml_run makes one."
    if asked:
        text = f"There is no run {', '.join(asked)}."
    most = 100 if text.isascii() else 50  # a character may be two columns wide
    return Drawing(lambda: element("p", {"class": "aml-muted"}, text), lambda: wrap(text, most))


def _row(view: RunTableView, row: RunRowView, *, has_experiment: bool) -> list[Cell | str]:
    return [
        str(row.number),
        code_cell(row.short_id),
        row.name,
        *([row.experiment] if has_experiment else []),
        status_cell(row.status),
        seconds_text(row.elapsed),
        *(_metric(row, name) for name in view.metrics[:METRICS]),
        *(plain_value(row.params.get(name)) for name in view.params[:PARAMS]),
    ]


def _metric(row: RunRowView, name: str) -> Cell:
    points = row.sparklines.get(name)
    text = plain_value(row.metrics.get(name))
    return Cell(text, before=sparkline_html(points) if points else None)


def _more(view: RunTableView) -> str:
    hidden = (
        (view.more, "more run"),
        (len(view.metrics) - METRICS, "more metric"),
        (len(view.params) - PARAMS, "more parameter"),
    )
    rest = ", ".join(count_text(count, noun) for count, noun in hidden if count > 0)
    return f"… {rest}" if rest else ""
