"""Some rows of a dataset, sorted and filtered as a screen asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import ColumnNotFoundError, did_you_mean
from aml_magics.services.data.fingerprint import found_files
from aml_magics.services.data.profile.profile import kept
from aml_magics.services.data.table import table as tabular
from aml_magics.services.filter.rows import read_row_filter
from aml_magics.views.data.column import clipped, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.column import Column
    from aml_magics.records.dataset import DatasetRecord
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store
    from aml_magics.views.text.encoding import JsonScalar

MOST_ROWS: Final = 1_000
COLUMNS: Final = 200
"""Of a wide table this many columns are shown."""


@dataclass(frozen=True, slots=True)
class DatasetPageView:
    """Rows from ``offset`` on; ``count`` is how many meet the filter."""

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
        store: of the workspace.
        record: the dataset.
        offset: rows to pass over.
        limit: rows at most.
        sort: a column.
        descending: the highest values first.
        filter: a condition over columns, such as ``age > 40 and city is null``.

    Raises:
        ColumnNotFoundError: there is no such column.
        InvalidFilterError: the condition cannot be read.
        AmlError: the data cannot be read.
    """
    is_query = record.definition.format == "sql_query"
    files = None if is_query else found_files(store, record.definition)
    with tabular.opened(store, record.definition, files) as table:
        chosen = None if sort is None else _column(table.columns, sort)
        expression = None
        if filter.strip():
            expression = read_row_filter(filter, table.columns)
        found = table.page(offset, limit, chosen, descending, expression, slice(COLUMNS))
        known = None if expression is not None else _kept_count(store, record, files)
        if known is None or found.num_rows < min(limit, known - offset):
            known = table.count(expression)
        names = tuple(clipped(column.name) for column in table.columns[:COLUMNS])
    end = offset + found.num_rows if found.num_rows else 0
    return DatasetPageView(names, rows_of(found, COLUMNS), offset, max(known, end))


def _kept_count(
    store: Store, record: DatasetRecord, files: Sequence[DataFile] | None
) -> int | None:
    """How many rows the profile counted; None where the files seem to have changed since."""
    if files is not None and sum(file.size for file in files) != record.size:
        return None
    profile = kept(store, record)
    return None if profile is None else profile.rows


def _column(columns: Sequence[Column], wanted: str) -> str:
    """The name of a column, also of one whose long name is shown shortened."""
    for column in columns:
        if wanted in (column.name, clipped(column.name)):
            return column.name
    known = [column.name for column in columns]
    raise ColumnNotFoundError(
        f"The dataset has no column {wanted!r:.80} to sort by.{did_you_mean(wanted, known[:COLUMNS])}"
    )
