"""The figures of columns, counted when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aml_magics.services.data.profile.profile import ensure, kept, profile
from aml_magics.services.data.table import table as tabular
from aml_magics.views.data.column import column_view, short_text
from aml_magics.views.data.page import COLUMNS, column_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.records.data.profile import Profile
    from aml_magics.store.store import Store
    from aml_magics.views.data.column import ColumnView


NOT_KEPT: Final = "The figures are not kept: you may only read in this workspace."


@dataclass(frozen=True, slots=True)
class DatasetProfileView:
    """Columns with their figures; ``is_whole`` says that all columns were profiled, and not some."""

    columns: tuple[ColumnView, ...]
    rows: int
    notices: tuple[str, ...]
    is_whole: bool


def dataset_profile_view(
    store: Store,
    record: DatasetRecord,
    *,
    exact: bool = False,
    columns: Sequence[str] | None = None,
    keep: bool = True,
) -> DatasetProfileView:
    """The profile of a dataset; computed and kept if there is none.

    Args:
        exact: count distinct values that were estimated.
        columns: the columns that are wanted, by their names as a screen shows them: where no profile is kept,
            they alone are counted, and nothing is kept.
        keep: whether a profile of all columns is kept, which changes the workspace.

    Raises:
        ColumnNotFoundError: there is no such column.
        AmlError: as :func:`ensure`.
    """
    found = kept(store, record) if record.key else None
    if columns is None:
        if found is None or (exact and not found.is_exact):
            found = _ensured(store, record, exact=exact, keep=keep)
        return _view(found)
    if found is not None:
        wanted = {*columns}
        some = [one for one in found.columns if short_text(one.name) in wanted]
        if len(some) >= len(wanted):
            others = [one for one in found.columns if short_text(one.name) not in wanted]
            return _view(replace(found, columns=(*some, *others)), len(some))
    with tabular.opened(store, record.definition) as table:
        names = [column_named(table.columns, one, "to count") for one in columns]
        is_whole = len({*names}) == len(table.columns)
    if is_whole:
        return _view(_ensured(store, record, exact=exact, keep=keep))
    made = profile(store, record.definition, exact=exact, columns=names)
    return DatasetProfileView(_columns(made, len(names)), made.rows, _notices(made), is_whole=False)


def _ensured(store: Store, record: DatasetRecord, *, exact: bool, keep: bool) -> Profile:
    made = ensure(store, record, exact=exact, keep=keep)
    return made if keep else replace(made, notices=(*made.notices, NOT_KEPT))


def _view(made: Profile, fewest: int = 0) -> DatasetProfileView:
    """The first columns of a whole profile, and at least some."""
    shown = _columns(made, max(COLUMNS, fewest))
    notices = _notices(made)
    if len(shown) < made.width:
        notices += (f"The first {COLUMNS} of {made.width:,} columns are shown.",)
    return DatasetProfileView(shown, made.rows, notices, is_whole=True)


def _columns(made: Profile, most: int) -> tuple[ColumnView, ...]:
    return tuple(column_view(column) for column in made.columns[:most])


def _notices(made: Profile) -> tuple[str, ...]:
    return tuple(map(short_text, made.notices))
