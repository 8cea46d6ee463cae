"""Profiles of datasets: computed once, stored, and compared."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidArgumentError
from aml_magics.records.data.profile import Profile
from aml_magics.services.data.fingerprint import changed_files, found_files
from aml_magics.services.data.profile.relation import MOST_COLUMNS, Relation
from aml_magics.services.data.profile.scan import AT_ONCE, scan
from aml_magics.services.data.table import table as tables
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.data.dataset import DatasetRecord, Definition
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

_PLAIN: Final = frozenset({"delimited", "json_lines"})
_PACKED: Final = (".gz", ".zst", ".bz2", ".xz", ".zip")
_CELL_BYTES: Final = 8
_FAULT_BYTES: Final = 64 << 20
"""Values that do not fit are counted only for small files with few columns: it takes a separate pass."""


def profile(
    store: Store,
    definition: Definition,
    *,
    exact: bool = False,
    columns: Sequence[str] | None = None,
) -> Profile:
    """Profile a tabular dataset; reads all rows, twice unless they are few.

    Args:
        exact: count distinct values instead of estimating their number.
        columns: the columns to profile; None for all.

    Raises:
        InvalidArgumentError: a file dataset, which has no columns.
        DataNotFoundError: there are no files.
        DataAccessError: they cannot be read.
        InvalidDataError: they are not of the format.
    """
    _check_tabular(definition)
    return _made(store, definition, found_files(store, definition), exact=exact, columns=columns)


def _made(
    store: Store,
    definition: Definition,
    files: Sequence[DataFile],
    *,
    exact: bool,
    columns: Sequence[str] | None = None,
) -> Profile:
    is_query = definition.format == "sql_query"
    with (
        tables.opened(store, definition, None if is_query else files) as table,
        table.explaining(),
    ):
        sql, parameters, some = table.narrowed(slice(MOST_COLUMNS) if columns is None else columns)
        named = table.columns if columns is None else some
        rows = Relation(table.connection, sql, parameters, named)
        if is_query:  # query the database once, so that all figures come from one result
            rows = rows.copied()
        made = scan(rows, exact=exact, expected=_expected(definition, files, len(table.columns)))
        is_small = sum(one.size for one in files) <= _FAULT_BYTES
        if columns is None and is_small and len(table.columns) <= AT_ONCE:
            table.faults()
        zoned = (replace(one, zone=table.zones.get(one.name, "")) for one in made.columns)
        return replace(made, columns=tuple(zoned), notices=(*table.notices, *made.notices))


@retried
def kept(store: Store, record: DatasetRecord) -> Profile | None:
    """The stored profile of a dataset, or None."""
    with store.catalogue.read() as connection:
        found = store.datasets.profile(connection, record.key)
    return None if found is None else Profile.of_dict(json.loads(found))


def kept_size(store: Store, record: DatasetRecord) -> tuple[int | None, int | None]:
    """The number of rows and columns of a dataset; None for both without a profile."""
    found = kept(store, record)
    return (None, None) if found is None else (found.rows, found.width)


def ensure(
    store: Store, record: DatasetRecord, *, exact: bool = False, keep: bool = True
) -> Profile:
    """The stored profile of a dataset; computed and stored if there is none.

    If files have changed since registration, the profile describes the current files, says so in a notice, and is
    not stored. A record without a key is profiled, and nothing is stored.

    Args:
        exact: recompute a stored profile whose distinct values were estimated.
        keep: store it.
    """
    found = kept(store, record)
    if found is not None and (found.is_exact or not exact):
        return found
    _check_tabular(record.definition)
    files = found_files(store, record.definition)
    made = _made(store, record.definition, files, exact=exact)
    if not record.key:
        return made
    changed = changed_files(store, record, files)
    if changed:
        return replace(made, notices=(_changed(record, changed), *made.notices))
    if not keep:
        return made
    text = json.dumps(made.as_dict(), allow_nan=False, separators=(",", ":"))
    now = time.time()
    store.catalogue.transact(
        lambda connection: store.datasets.put_profile(connection, record.key, now, text)
    )
    return made


def _expected(definition: Definition, files: Sequence[DataFile], columns: int) -> int | None:
    """The approximate number of rows; None where counting is cheap, or file sizes do not tell."""
    is_plain = definition.format in _PLAIN and not any(
        one.path.lower().endswith(_PACKED) for one in files
    )
    size = sum(one.size for one in files)
    return size // (_CELL_BYTES * max(1, columns)) if is_plain else None


def _check_tabular(definition: Definition) -> None:
    if definition.kind != "tabular":
        raise InvalidArgumentError(
            "A profile is of columns, and a file dataset has none: make a tabular one of its files, Dataset.Tabular.from_delimited_files(…)."
        )


def _changed(record: DatasetRecord, changed: Sequence[str]) -> str:
    name = f"version {record.version}" if record.name else "the dataset"
    return f"{_count(len(changed))} changed since {name} was registered ({changed[0]!r:.120}): this profile is of what is there now."


def _count(files: int) -> str:
    return f"{files:,} {'file' if files == 1 else 'files'}"
