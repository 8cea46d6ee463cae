"""Changes of the columns between two versions of a dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.services.data.profile import profile
from aml_magics.services.data.profile.diff import column_changes
from aml_magics.views.data.column import column_view, short_text
from aml_magics.views.data.page import COLUMNS

if TYPE_CHECKING:
    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.services.data.profile.diff import ColumnChange
    from aml_magics.store.store import Store
    from aml_magics.views.data.column import ColumnView


@dataclass(frozen=True, slots=True)
class ColumnChangeView:
    """A column before and after; ``changes`` are phrases, empty if it is unchanged."""

    name: str
    before: ColumnView | None
    after: ColumnView | None
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatasetDiffView:
    """Two versions; ``before`` and ``after`` are their numbers."""

    before: int
    after: int
    rows_before: int | None
    rows_after: int | None
    columns: tuple[ColumnChangeView, ...]


def dataset_diff_view(store: Store, before: DatasetRecord, after: DatasetRecord) -> DatasetDiffView:
    """How a dataset differs from another; missing profiles are computed.

    Of very many columns the changed ones come first.
    """
    old, new = profile.ensure(store, before), profile.ensure(store, after)
    changes = column_changes(old, new)
    if len(changes) > COLUMNS:
        changes = tuple(sorted(changes, key=lambda change: not change.changes))
    return DatasetDiffView(
        before.version,
        after.version,
        old.rows,
        new.rows,
        tuple(_change(change) for change in changes[:COLUMNS]),
    )


def _change(change: ColumnChange) -> ColumnChangeView:
    return ColumnChangeView(
        short_text(change.name),
        None if change.before is None else column_view(change.before),
        None if change.after is None else column_view(change.after),
        tuple(short_text(phrase) for phrase in change.changes),
    )
