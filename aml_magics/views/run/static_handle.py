"""The small tables that Azure's SDK shows for a handle in a notebook.

Azure links to pages of its studio. No server is needed here, so a command that shows the same content
takes the place of each link.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from aml_magics.records.pipeline.pipeline import PIPELINE_RUN
from aml_magics.views.static.page import Page
from aml_magics.views.static.table import Cell, Table, code_cell
from aml_magics.views.text.format import short_id

if TYPE_CHECKING:
    from collections.abc import Mapping


def run_handle_html(*, experiment: str, run_id: str, type: str | None, status: str) -> str:
    """Azure's table of a run: Experiment, Id, Type, Status, Details Page, Docs Page."""
    noun = "pipeline" if type == PIPELINE_RUN else "run"
    facts: dict[str, Cell | str] = {
        "Experiment": experiment,
        "Id": run_id,
        "Type": type or "",
        "Status": status,
        "Details Page": code_cell(f"%aml {noun} {shlex.quote(short_id(run_id))}"),
        "Docs Page": code_cell("%aml help"),
    }
    return _handle("run-handle", f"Run {run_id}", facts)


def experiment_handle_html(*, name: str, workspace: str) -> str:
    """Azure's table of an experiment: Name, Workspace, Report Page, Docs Page."""
    facts: dict[str, Cell | str] = {
        "Name": name,
        "Workspace": workspace,
        "Report Page": code_cell(f"%aml runs --experiment {shlex.quote(name)}"),
        "Docs Page": code_cell("%aml help"),
    }
    return _handle("experiment-handle", f"Experiment {name}", facts)


def workspace_handle_html(
    *, name: str, subscription_id: str, resource_group: str, location: str
) -> str:
    """A table of a workspace with its names in Azure."""
    facts: dict[str, Cell | str] = {
        "Name": name,
        "Subscription": subscription_id,
        "Resource group": resource_group,
        "Location": location,
        "Details Page": code_cell("%aml workspace"),
        "Docs Page": code_cell("%aml help"),
    }
    return _handle("workspace-handle", f"Workspace {name}", facts)


def service_handle_html(*, name: str, compute_type: str, state: str, address: str | None) -> str:
    """A table of a web service: Name, Compute type, State, Scoring URI, Details Page, Docs Page."""
    facts: dict[str, Cell | str] = {
        "Name": name,
        "Compute type": compute_type,
        "State": state,
        "Scoring URI": code_cell(address or ""),
        "Details Page": code_cell(f"%aml service {shlex.quote(name)}"),
        "Docs Page": code_cell("%aml help"),
    }
    return _handle("service-handle", f"Service {name}", facts)


def _handle(name: str, label: str, facts: Mapping[str, Cell | str]) -> str:
    return Page(name, label, [Table.of_facts(facts)]).html
