"""The datasets of a workspace, and its datastores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import element
from aml_magics.views.static.page import frame
from aml_magics.views.static.table import Cell, Column, html_table, text_table
from aml_magics.views.text.format import bytes_text, count_text
from aml_magics.views.text.timestamp import moment_text

if TYPE_CHECKING:
    from aml_magics.views.data.datasets import DatasetsView

ROWS: Final = 100
_COLUMNS: Final = [
    Column("Dataset"),
    Column("Version", is_number=True),
    Column("Kind"),
    Column("Rows", is_number=True),
    Column("Columns", is_number=True),
    Column("Files", is_number=True),
    Column("Size", is_number=True),
    Column("Created"),
    Column("Description"),
]
_STORE_COLUMNS: Final = [
    Column("Datastore"),
    Column("Type"),
    Column("Default"),
    Column("Address", is_whole=True),
]
_NOTHING: Final = "No datasets yet. dataset.register(workspace, name) keeps one."


def datasets_html(view: DatasetsView) -> str:
    """A table of datasets."""
    label = f"{count_text(len(view.rows), 'dataset')} of workspace {view.workspace}"
    if not view.rows:
        return frame("datasets", label, element("p", {"class": "aml-muted"}, _NOTHING))
    return frame(
        "datasets", label, html_table(_COLUMNS, _rows(view), more=_more(len(view.rows), "dataset"))
    )


def datasets_text(view: DatasetsView) -> str:
    """The same as text, at most 100 columns wide."""
    if not view.rows:
        return _NOTHING
    return "\n".join(text_table(_COLUMNS, _rows(view), more=_more(len(view.rows), "dataset")))


def datastores_html(view: DatasetsView) -> str:
    """A table of datastores."""
    label = f"{count_text(len(view.datastores), 'datastore')} of workspace {view.workspace}"
    more = _more(len(view.datastores), "datastore")
    return frame("datastores", label, html_table(_STORE_COLUMNS, _store_rows(view), more=more))


def datastores_text(view: DatasetsView) -> str:
    """The same as text, at most 100 columns wide."""
    more = _more(len(view.datastores), "datastore")
    return "\n".join(text_table(_STORE_COLUMNS, _store_rows(view), more=more))


def _rows(view: DatasetsView) -> list[list[Cell | str]]:
    return [
        [
            Cell(row.name, css="aml-plain"),
            str(row.version),
            row.kind,
            "" if row.rows is None else f"{row.rows:,}",
            "" if row.columns is None else f"{row.columns:,}",
            f"{row.files:,}",
            bytes_text(row.size),
            moment_text(row.created),
            row.description,
        ]
        for row in view.rows[:ROWS]
    ]


def _store_rows(view: DatasetsView) -> list[list[Cell | str]]:
    return [
        [
            Cell(row.name, css="aml-plain"),
            row.type,
            "✓" if row.is_default else "",
            Cell(row.address, css="aml-whole"),
        ]
        for row in view.datastores[:ROWS]
    ]


def _more(count: int, noun: str) -> str:
    hidden = count - ROWS
    return f"… {count_text(hidden, f'more {noun}')}" if hidden > 0 else ""
