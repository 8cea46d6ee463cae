"""The page of compute targets without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.page import Page, paragraph
from aml_magics.views.static.status import status_cell
from aml_magics.views.static.table import Cell, Column, Table
from aml_magics.views.text.format import count_text, more_text, seconds_text, timestamp_text

if TYPE_CHECKING:
    from aml_magics.views.compute.computes import ComputesView, ComputeView

ROWS: Final = 100


def computes_page(view: ComputesView) -> Page:
    """The targets, and the runs of all of them."""
    label = f"{count_text(len(view.rows), 'compute target')} of workspace {view.workspace}"
    jobs = [(row, job) for row in view.rows for job in row.jobs]
    runs: list[list[Cell | str]] = [
        [
            Cell(job.name, css="aml-plain"),
            status_cell(job.status),
            row.name,
            "" if job.place is None else str(job.place),
            str(job.nodes),
            timestamp_text(job.started),
            job.short_id,
        ]
        for row, job in jobs[:ROWS]
    ]
    columns = [
        Column("Run"),
        Column("Status"),
        Column("On"),
        Column("Place", is_number=True),
        Column("Nodes", is_number=True),
        Column("Started"),
        Column("Id"),
    ]
    left = max(0, len(jobs) - ROWS) + sum(row.more for row in view.rows)
    more = more_text(len(runs) + left, len(runs), "run")
    queue = Table(columns, runs, more) if runs else paragraph("No run waits or goes on.")
    return Page("computes", label, [_targets(view), queue])


def _targets(view: ComputesView) -> Table:
    columns = [
        Column("Compute"),
        Column("Kind"),
        Column("State"),
        Column("Nodes"),
        Column("Busy", is_number=True),
        Column("Waiting", is_number=True),
        Column("At least", is_number=True),
        Column("Idle for"),
    ]
    rows = [_row(row) for row in view.rows[:ROWS]]
    return Table(columns, rows, more_text(len(view.rows), ROWS, "compute target"))


def _row(row: ComputeView) -> list[Cell | str]:
    head: list[Cell | str] = [Cell(row.name, css="aml-plain"), row.kind, status_cell(row.state)]
    if row.missing:
        return [*head, "none here", "", "", "", ""]
    is_scaled = row.min_nodes != row.max_nodes
    return [
        *head,
        f"{row.current} of {row.max_nodes}",
        str(row.busy),
        str(row.waiting),
        str(row.min_nodes) if is_scaled else "",
        seconds_text(row.idle_seconds) if is_scaled else "",
    ]
