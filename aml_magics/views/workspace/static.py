"""The page of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.views.static.element import element
from aml_magics.views.static.page import Drawing, Page
from aml_magics.views.static.status import counts_text
from aml_magics.views.static.table import Cell, Column, Table
from aml_magics.views.text.format import bytes_text, timestamp_text
from aml_magics.views.text.typeset import fitting_lines, one_line, padded

if TYPE_CHECKING:
    from aml_magics.views.workspace.workspace import DiskView, WorkspaceView


def workspace_page(view: WorkspaceView) -> Page:
    """Location and content of a workspace. Paths are not shortened: users copy them."""
    facts = _facts(view)
    table = Table(
        [Column("Fact"), Column("Value")],
        [[name, Cell(value, css="aml-whole")] for name, value in facts],
        has_head=False,
    )
    title = element("strong", {"class": "aml-title"}, one_line(view.name))
    lines = [f"{padded(name, 12)}  {one_line(value)}" for name, value in facts]
    return Page(
        "workspace",
        f"Workspace {view.name}",
        [
            Drawing(
                lambda: [element("p", None, title), table.html],
                lambda: [*fitting_lines(one_line(f"Workspace {view.name}")), *lines],
            )
        ],
    )


def _facts(view: WorkspaceView) -> list[tuple[str, str]]:
    counts = counts_text(view.by_status)
    return [
        ("Folder", view.folder),
        ("Catalogue", view.catalogue),
        ("Artifacts", view.artifacts),
        ("Experiments", f"{view.experiments:,}"),
        ("Runs", f"{view.runs:,} ({counts})" if counts else "0"),
        ("Disk", _disk(view.disk)),
        ("Created", timestamp_text(view.created) or "unknown"),
        ("Azure names", f"{view.subscription_id} / {view.resource_group} / {view.location}"),
    ]


def _disk(disk: DiskView) -> str:
    parts = {"catalogue": disk.catalogue, "artifacts": disk.artifacts, "journals": disk.journals}
    listed = ", ".join(f"{name} {bytes_text(size)}" for name, size in parts.items())
    return f"{bytes_text(disk.total)} ({listed})"
