"""A page of a dataset's rows, sorted and filtered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import ColumnNotFoundError, did_you_mean
from aml_magics.services.data.fingerprint import found_files
from aml_magics.services.data.profile.profile import kept
from aml_magics.services.data.table import table as tabular
from aml_magics.services.filter.grammar import read_row_filter
from aml_magics.views.data.column import rows_of, short_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.data.column import Column
    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store
    from aml_magics.views.text.encoding import JsonScalar

MOST_ROWS: Final = 1_000
COLUMNS: Final = 200
"""Columns shown of a wide table."""


@dataclass(frozen=True, slots=True)
class DatasetPageView:
    """Rows from ``offset`` on; ``count`` is the number of rows that match the filter."""

    columns: tuple[str, ...]
    rows: tuple[tuple[JsonScalar, ...], ...]
    offset: int
    count: int


def dataset_page_view(
    store: Store,
    record: DatasetRecord,
    *,
    offset: int = 0,
    limit: int = 100,
    sort: str | None = None,
    descending: bool = False,
    filter: str = "",
) -> DatasetPageView:
    """A page of a tabular dataset.

    Args:
        sort: name of a column.
        filter: a condition over columns, such as ``age > 40 and city is null``; times without an offset are read
            in the zone that their column is shown in.
    """
    is_query = record.definition.format == "sql_query"
    files = None if is_query else found_files(store, record.definition)
    with tabular.opened(store, record.definition, files) as table:
        chosen = None if sort is None else column_named(table.columns, sort, "to sort by")
        expression = None
        if filter.strip():
            expression = read_row_filter(filter, table.columns, table.zones)
        found = table.page(offset, limit, chosen, descending, expression, slice(COLUMNS))
        known = None if expression is not None else _kept_count(store, record, files)
        if known is None or found.num_rows < min(limit, known - offset):
            known = table.count(expression)
        names = tuple(short_text(column.name) for column in table.columns[:COLUMNS])
        rows = rows_of(found, COLUMNS, table.zones)
    end = offset + found.num_rows if found.num_rows else 0
    return DatasetPageView(names, rows, offset, max(known, end))


def _kept_count(
    store: Store, record: DatasetRecord, files: Sequence[DataFile] | None
) -> int | None:
    """The row count of the profile; None if the files seem to have changed since."""
    if files is not None and sum(file.size for file in files) != record.size:
        return None
    profile = kept(store, record)
    return None if profile is None else profile.rows


def column_named(columns: Sequence[Column], wanted: str, why: str) -> str:
    """Find a column by its name, or by its shortened name as a screen shows it."""
    for column in columns:
        if wanted in (column.name, short_text(column.name)):
            return column.name
    known = [column.name for column in columns]
    raise ColumnNotFoundError(
        f"The dataset has no column {wanted!r:.80} {why}.{did_you_mean(wanted, known[:COLUMNS])}"
    )
