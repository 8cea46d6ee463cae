"""The small tables that Azure's SDK shows for a handle in a notebook.

Azure links to pages of its studio. Here no server is needed, so the same places name the command
that shows the page's content.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from aml_magics.views.static.element import Markup, element
from aml_magics.views.static.page import frame
from aml_magics.views.static.table import Cell, Column, html_table
from aml_magics.views.text.identifier import short_id

if TYPE_CHECKING:
    from collections.abc import Mapping


def run_handle_html(*, experiment: str, run_id: str, type: str | None, status: str) -> str:
    """Azure's table of a run: Experiment, Id, Type, Status, Details Page, Docs Page."""
    cells: dict[str, Cell | str] = {
        "Experiment": experiment,
        "Id": run_id,
        "Type": type or "",
        "Status": status,
        "Details Page": _command(f"%aml run {shlex.quote(short_id(run_id))}"),
        "Docs Page": _command("%aml help"),
    }
    return _handle("run-handle", f"Run {run_id}", cells)


def experiment_handle_html(*, name: str, workspace: str) -> str:
    """Azure's table of an experiment: Name, Workspace, Report Page, Docs Page."""
    cells: dict[str, Cell | str] = {
        "Name": name,
        "Workspace": workspace,
        "Report Page": _command(f"%aml runs --experiment {shlex.quote(name)}"),
        "Docs Page": _command("%aml help"),
    }
    return _handle("experiment-handle", f"Experiment {name}", cells)


def workspace_handle_html(
    *, name: str, subscription_id: str, resource_group: str, location: str
) -> str:
    """A table of a workspace with the names by which Azure finds one."""
    cells: dict[str, Cell | str] = {
        "Name": name,
        "Subscription": subscription_id,
        "Resource group": resource_group,
        "Location": location,
        "Details Page": _command("%aml workspace"),
        "Docs Page": _command("%aml help"),
    }
    return _handle("workspace-handle", f"Workspace {name}", cells)


def _handle(name: str, label: str, cells: Mapping[str, Cell | str]) -> str:
    return frame(
        name, label, html_table([Column(title) for title in cells], [list(cells.values())])
    )


def _command(text: str) -> Cell:
    return Cell(text, _code(text))


def _code(text: str) -> Markup:
    return element("code", None, text)
