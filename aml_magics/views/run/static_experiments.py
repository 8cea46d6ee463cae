"""The experiments of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import element
from aml_magics.views.static.page import frame
from aml_magics.views.static.status import counts_text
from aml_magics.views.static.table import Cell, Column, html_table, text_table
from aml_magics.views.text.format import count_text
from aml_magics.views.text.timestamp import moment_text

if TYPE_CHECKING:
    from aml_magics.views.run.experiments import ExperimentRowView, ExperimentsView

ROWS: Final = 100
_COLUMNS: Final = [
    Column("Experiment"),
    Column("Runs", is_number=True),
    Column("Statuses"),
    Column("Created"),
]
_NOTHING: Final = "No experiments yet. The first run makes one."


def experiments_html(view: ExperimentsView) -> str:
    """A table of experiments."""
    label = f"{count_text(len(view.rows), 'experiment')} of workspace {view.workspace}"
    if not view.rows:
        return frame("experiments", label, element("p", {"class": "aml-muted"}, _NOTHING))
    return frame("experiments", label, html_table(_COLUMNS, _rows(view), more=_more(view)))


def experiments_text(view: ExperimentsView) -> str:
    """The same as text, at most 100 columns wide."""
    if not view.rows:
        return _NOTHING
    return "\n".join(text_table(_COLUMNS, _rows(view), more=_more(view)))


def _rows(view: ExperimentsView) -> list[list[Cell | str]]:
    return [_row(row) for row in view.rows[:ROWS]]


def _row(row: ExperimentRowView) -> list[Cell | str]:
    name = f"{row.name} (archived)" if row.is_archived else row.name
    return [name, f"{row.runs:,}", counts_text(row.by_status), moment_text(row.created)]


def _more(view: ExperimentsView) -> str:
    hidden = len(view.rows) - ROWS
    return f"… {count_text(hidden, 'more experiment')}" if hidden > 0 else ""
