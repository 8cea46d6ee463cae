"""The experiments of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.records.status import RunStatus
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aml_magics.records.experiment import ExperimentRecord
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class ExperimentRowView:
    """One experiment; ``by_status`` counts its runs and omits zeros."""

    name: str
    id: str
    created: str | None
    is_archived: bool
    runs: int
    by_status: dict[str, int]
    tags: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class ExperimentsView:
    """All experiments of a workspace."""

    workspace: str
    rows: tuple[ExperimentRowView, ...]


def experiments_view(store: Store) -> ExperimentsView:
    """The experiments of a workspace, newest first."""
    with store.catalogue.read() as connection:
        records = store.experiments.list(connection)
        counts = store.runs.counts(connection)
    return experiments_view_of(store.record.name, reversed(records), counts)


def experiments_view_of(
    workspace: str,
    records: Iterable[ExperimentRecord],
    counts: Mapping[str, Mapping[str, int]],
) -> ExperimentsView:
    """The view from records already read; ``counts`` are runs by experiment and status."""
    return ExperimentsView(
        workspace, tuple(_row(record, counts.get(record.name, {})) for record in records)
    )


def in_order_of_life(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by status in the order of a run's life cycle, without zeros."""
    return {str(status): counts[status] for status in RunStatus if counts.get(status)}


def _row(record: ExperimentRecord, counts: Mapping[str, int]) -> ExperimentRowView:
    return ExperimentRowView(
        name=record.name,
        id=record.id,
        created=iso(record.created),
        is_archived=record.archived is not None,
        runs=sum(counts.values()),
        by_status=in_order_of_life(counts),
        tags=dict(record.tags),
    )
