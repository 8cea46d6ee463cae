"""A workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import element
from aml_magics.views.static.page import frame
from aml_magics.views.static.status import counts_text
from aml_magics.views.static.table import LINE, Cell, Column, html_table
from aml_magics.views.text.format import bytes_text
from aml_magics.views.text.timestamp import moment_text
from aml_magics.views.text.typeset import one_line, padded, shortened

if TYPE_CHECKING:
    from aml_magics.views.workspace.workspace import DiskView, WorkspaceView

_COLUMNS: Final = [Column("Fact"), Column("Value")]


def workspace_html(view: WorkspaceView) -> str:
    """Where a workspace is, and how much is in it."""
    title = element("p", None, element("strong", {"class": "aml-title"}, one_line(view.name)))
    rows: list[list[Cell | str]] = [
        [name, Cell(value, css="aml-whole")] for name, value in _facts(view)
    ]
    table = html_table(_COLUMNS, rows, with_head=False)
    return frame("workspace", f"Workspace {view.name}", title, table)


def workspace_text(view: WorkspaceView) -> str:
    """The same as text. Paths are not shortened: they are there to be copied."""
    lines = [f"{padded(name, 12)}  {one_line(value)}" for name, value in _facts(view)]
    return "\n".join([shortened(one_line(f"Workspace {view.name}"), LINE), *lines])


def _facts(view: WorkspaceView) -> list[tuple[str, str]]:
    counts = counts_text(view.by_status)
    return [
        ("Folder", view.folder),
        ("Catalogue", view.catalogue),
        ("Artifacts", view.artifacts),
        ("Experiments", f"{view.experiments:,}"),
        ("Runs", f"{view.runs:,} ({counts})" if counts else "0"),
        ("Disk", _disk(view.disk)),
        ("Created", moment_text(view.created) or "unknown"),
        ("Azure names", f"{view.subscription_id} / {view.resource_group} / {view.location}"),
    ]


def _disk(disk: DiskView) -> str:
    parts = {"catalogue": disk.catalogue, "artifacts": disk.artifacts, "journals": disk.journals}
    listed = ", ".join(f"{name} {bytes_text(size)}" for name, size in parts.items())
    return f"{bytes_text(disk.total)} ({listed})"
