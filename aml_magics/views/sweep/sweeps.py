"""The sweeps of a workspace, newest first, as a list beside other things shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.records.sweep.sweep import HYPERDRIVE, Goal
from aml_magics.services.run.search import search
from aml_magics.services.sweep.request import trials_expected
from aml_magics.store.store import retried
from aml_magics.views.static.page import Page, paragraph
from aml_magics.views.static.status import status_cell
from aml_magics.views.static.table import Cell, Column, Table
from aml_magics.views.text.encoding import JsonScalar, json_scalar
from aml_magics.views.text.format import count_text, value_text

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

MOST: Final = 50
_SHORT: Final = len("HD_") + 8
_NOTHING: Final = "No sweeps. %%aml_sweep as the first line of a cell makes one, or a HyperDriveConfig that is submitted."


@dataclass(frozen=True, slots=True)
class SweepRowView:
    """A sweep: ``done`` of its ``total`` trials have ended, and ``best`` is the best primary metric of those.

    ``goal`` is ``MAXIMIZE`` or ``MINIMIZE``.
    """

    id: str
    name: str
    experiment: str
    status: str
    metric: str
    goal: str
    best: JsonScalar
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SweepsView:
    """The newest sweeps; ``more`` of them are left out."""

    workspace: str
    rows: tuple[SweepRowView, ...]
    more: bool


def sweeps_view(store: Store, experiment: str | None = None) -> SweepsView:
    """The newest sweeps, of one experiment if it is named."""
    found = search(store, type=HYPERDRIVE, experiment=experiment, limit=MOST + 1)
    rows = tuple(row for one in found[:MOST] if (row := _row(store, one)) is not None)
    return SweepsView(store.record.name, rows, len(found) > MOST)


@retried
def _row(store: Store, record: RunRecord) -> SweepRowView | None:
    with store.catalogue.read() as connection:
        sweep = store.sweeps.get(connection, record.key)
        if sweep is None:  # deleted since
            return None
        progress = store.sweeps.progress(connection, record.key)
    best = progress.highest if sweep.goal is Goal.MAXIMIZE else progress.lowest
    is_over = record.status.is_terminal
    total = progress.there if is_over else max(progress.there, trials_expected(sweep))
    return SweepRowView(
        record.id,
        record.name,
        record.experiment,
        str(record.status),
        sweep.metric,
        str(sweep.goal),
        json_scalar(best),
        progress.done,
        total,
    )


def sweeps_page(view: SweepsView) -> Page:
    """The table of sweeps."""
    label = f"{count_text(len(view.rows), 'sweep')} of workspace {view.workspace}"
    return Page("sweeps", label, [_table(view) if view.rows else paragraph(_NOTHING)])


def _table(view: SweepsView) -> Table:
    columns = [
        Column("Sweep"),
        Column("Status"),
        Column("Trials", is_number=True),
        Column("Metric"),
        Column("Best", is_number=True),
        Column("Experiment"),
        Column("Id"),
    ]
    rows: list[list[Cell | str]] = [
        [
            one.name,
            status_cell(one.status),
            f"{one.done}/{one.total}",
            f"{'highest' if one.goal == Goal.MAXIMIZE else 'lowest'} {one.metric}",
            value_text(one.best),
            one.experiment,
            one.id[:_SHORT],
        ]
        for one in view.rows
    ]
    more = (
        f"Older sweeps than these {len(rows)} are left out; --experiment shows those of one."
        if view.more
        else ""
    )
    return Table(columns, rows, more)
