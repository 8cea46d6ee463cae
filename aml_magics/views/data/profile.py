"""The figures of columns, counted when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.services.data.profile.profile import ensure, kept, profile
from aml_magics.services.data.table import table as tabular
from aml_magics.views.data.column import column_view, short_text
from aml_magics.views.data.page import COLUMNS, column_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.dataset import DatasetRecord
    from aml_magics.records.profile import Profile
    from aml_magics.store.store import Store
    from aml_magics.views.data.column import ColumnView


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
) -> DatasetProfileView:
    """The profile of a dataset; computed and kept if there is none.

    Args:
        exact: count distinct values that were estimated.
        columns: the columns that are wanted, by their names as a screen shows them: where no profile is kept,
            they alone are counted, and nothing is kept.

    Raises:
        ColumnNotFoundError: there is no such column.
        AmlError: as :func:`ensure`.
    """
    if columns is None:
        return _view(ensure(store, record, exact=exact), is_whole=True)
    found = kept(store, record) if record.key else None
    if found is not None:
        wanted = {*columns}
        some = tuple(one for one in found.columns if short_text(one.name) in wanted)
        if len(some) >= len(wanted):
            return _view(found, is_whole=True)
    with tabular.opened(store, record.definition) as table:
        names = [column_named(table.columns, one, "to count") for one in columns]
        is_whole = len({*names}) == len(table.columns)
    if is_whole:
        return _view(ensure(store, record, exact=exact), is_whole=True)
    return _view(profile(store, record.definition, exact=exact, columns=names), is_whole=False)


def _view(made: Profile, *, is_whole: bool) -> DatasetProfileView:
    columns = tuple(column_view(column) for column in made.columns[:COLUMNS])
    return DatasetProfileView(columns, made.rows, tuple(map(short_text, made.notices)), is_whole)
