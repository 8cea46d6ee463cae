"""The page of a list of models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.page import Page, paragraph
from aml_magics.views.static.table import Cell, Column, Table
from aml_magics.views.text.format import (
    bytes_text,
    count_text,
    more_text,
    timestamp_text,
    value_text,
)

if TYPE_CHECKING:
    from aml_magics.views.model.models import ModelRowView, ModelsView

ROWS: Final = 100
_METRICS: Final = 4


def models_page(view: ModelsView) -> Page:
    """A table: a row a name, or a row a version of one name."""
    metrics = view.metrics[:_METRICS]
    columns = [
        Column("Version" if view.name else "Model"),
        *([] if view.name else [Column("Version", is_number=True)]),
        Column("Aliases"),
        *(Column(name, is_number=True) for name in metrics),
        Column("Framework"),
        Column("Size", is_number=True),
        Column("Run"),
        Column("Used by"),
        Column("Author"),
        Column("Created"),
    ]
    rows = [_row(view, row, metrics) for row in view.rows[:ROWS]]
    noun = f"version of {view.name}" if view.name else "model"
    label = (
        f"{view.count:,} of {count_text(view.total, 'version')} of {view.name}"
        if view.name
        else f"{count_text(view.count, 'model')} of workspace {view.workspace}"
    )
    if not rows:
        return Page("models", label, [paragraph(_nothing(view))])
    return Page("models", label, [Table(columns, rows, more_text(view.count, ROWS, noun))])


def _nothing(view: ModelsView) -> str:
    if view.filter:
        return f"No model meets {view.filter!r:.200}; there are {view.total:,} without it."
    return "No models yet. run.register_model(name, path) and Model.register(workspace, path, name) make one."


def _row(view: ModelsView, row: ModelRowView, metrics: tuple[str, ...]) -> list[Cell | str]:
    first: list[Cell | str] = (
        [str(row.version)] if view.name else [Cell(row.name, css="aml-plain"), str(row.version)]
    )
    return [
        *first,
        ", ".join(filter(None, [*row.aliases, row.stage])),
        *(value_text(row.metrics.get(name)) for name in metrics),
        row.framework,
        bytes_text(row.size),
        row.run_name or row.run[:8],
        ", ".join(f"{one.kind} {one.name}" for one in row.uses),
        row.author,
        timestamp_text(row.created),
    ]
