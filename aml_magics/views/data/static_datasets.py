"""The datasets and datastores of a workspace, and the handle of one dataset."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from aml_magics.views.static.page import Page, paragraph
from aml_magics.views.static.table import Cell, Column, Table, code_cell
from aml_magics.views.text.format import bytes_text, count_text, more_text, timestamp_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.data.datasets import DatasetsView

ROWS: Final = 100
_SHOWN: Final = 5


def datasets_page(view: DatasetsView) -> Page:
    """The table of datasets."""
    columns = [
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
    rows: list[list[Cell | str]] = [
        [
            Cell(row.name, css="aml-plain"),
            str(row.version),
            row.kind,
            "" if row.rows is None else f"{row.rows:,}",
            "" if row.columns is None else f"{row.columns:,}",
            f"{row.files:,}",
            bytes_text(row.size),
            timestamp_text(row.created),
            row.description,
        ]
        for row in view.rows[:ROWS]
    ]
    more = more_text(len(view.rows), ROWS, "dataset")
    nothing = paragraph("No datasets yet. dataset.register(workspace, name) keeps one.")
    label = f"{count_text(len(view.rows), 'dataset')} of workspace {view.workspace}"
    return Page("datasets", label, [Table(columns, rows, more) if rows else nothing])


def datastores_page(view: DatasetsView) -> Page:
    """The table of datastores."""
    columns = [
        Column("Datastore"),
        Column("Type"),
        Column("Default"),
        Column("Address", is_whole=True),
    ]
    rows: list[list[Cell | str]] = [
        [
            Cell(row.name, css="aml-plain"),
            row.type,
            "✓" if row.is_default else "",
            Cell(row.address, css="aml-whole"),
        ]
        for row in view.datastores[:ROWS]
    ]
    more = more_text(len(view.datastores), ROWS, "datastore")
    label = f"{count_text(len(view.datastores), 'datastore')} of workspace {view.workspace}"
    return Page("datastores", label, [Table(columns, rows, more)])


def dataset_handle_html(
    *,
    name: str | None,
    version: int | None,
    type: str,
    format: str,
    sources: Sequence[str],
    steps: Sequence[str],
) -> str:
    """Name, Version, Type, Source, Steps, and for a registered dataset the command that shows its rows."""
    facts: dict[str, Cell | str] = {
        "Name": name or "(not registered)",
        "Version": "" if version is None else str(version),
        "Type": f"{type} ({format.replace('_', ' ')})" if format else type,
        "Source": _some(sources),
        "Steps": _some(steps),
    }
    if name:
        command = f"%aml dataset {shlex.quote(name)} --version {version}"
        facts["Details Page"] = code_cell(command)
    label = f"Dataset {name or 'without a name'}"
    return Page("dataset-handle", label, [Table.of_facts(facts)]).html


def _some(texts: Sequence[str]) -> str:
    more = [f"… {len(texts) - _SHOWN:,} more"] if len(texts) > _SHOWN else []
    return ", ".join([*texts[:_SHOWN], *more])
