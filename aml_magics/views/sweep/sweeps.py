"""The sweeps of a workspace, newest first, as a list beside other things shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.records.sweep.sweep import HYPERDRIVE, Goal
from aml_magics.services.run.search import search
from aml_magics.store.store import retried
from aml_magics.views.sweep.sweep import trials_expected
from aml_magics.views.text.encoding import JsonScalar, json_scalar

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class SweepRowView:
    """A sweep: ``done`` of its ``total`` trials have ended, and ``best`` is the best primary metric of those."""

    id: str
    name: str
    status: str
    metric: str
    best: JsonScalar
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SweepsView:
    """The newest sweeps; ``more`` of them are left out."""

    workspace: str
    rows: tuple[SweepRowView, ...]
    more: bool


def sweeps_view(store: Store) -> SweepsView:
    """The newest sweeps."""
    found = search(store, type=HYPERDRIVE, limit=MOST + 1)
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
        str(record.status),
        sweep.metric,
        json_scalar(best),
        progress.done,
        total,
    )
