"""The rows that differ between two datasets, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.services.data.fingerprint import found_files
from aml_magics.services.data.profile.profile import kept
from aml_magics.services.data.table.row_diff import MOST_COLUMNS, PLACES, Side, row_diff
from aml_magics.views.data.column import cells_of, short_text
from aml_magics.views.text.format import count_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.services.data.table.row_diff import RowDiff, State
    from aml_magics.store.store import Store
    from aml_magics.views.text.encoding import JsonScalar

SHOWN: Final = 200
"""Columns that are shown: those of the key, then those that changed, then the others."""


@dataclass(frozen=True, slots=True)
class RowDiffColumnView:
    """A column of either version; a type is empty where a version lacks it.

    ``changes`` is the number of rows whose value changed.
    """

    name: str
    before: str
    after: str
    changes: int
    zone: str


@dataclass(frozen=True, slots=True)
class RowChangeView:
    """A row that was ``added``, ``removed`` or ``changed``.

    ``row_before`` and ``row_after`` are its places, from 1. ``cells`` are as they stand after, those of a
    removed row as they stood before; ``changed`` are the columns by place whose values changed, ``before``
    what these were.
    """

    state: str
    row_before: int | None
    row_after: int | None
    cells: tuple[JsonScalar, ...]
    changed: tuple[int, ...]
    before: tuple[JsonScalar, ...]


@dataclass(frozen=True, slots=True)
class DatasetRowDiffView:
    """Differing rows from ``offset`` on; ``count`` is the number of those that are asked for.

    ``problem`` says why rows cannot be told apart; ``candidates`` are columns that may be the key.
    """

    before: int
    after: int
    key: tuple[str, ...]
    candidates: tuple[str, ...]
    problem: str
    rows_before: int
    rows_after: int
    added: int
    removed: int
    changed: int
    columns: tuple[RowDiffColumnView, ...]
    rows: tuple[RowChangeView, ...]
    offset: int
    count: int
    notices: tuple[str, ...]


def dataset_row_diff_view(
    store: Store,
    before: DatasetRecord,
    after: DatasetRecord,
    *,
    key: Sequence[str] = (),
    show: State | None = None,
    offset: int = 0,
    limit: int = 100,
) -> DatasetRowDiffView:
    """The rows that differ from one dataset to another, as :func:`row_diff` finds them."""
    sides = _side(store, before), _side(store, after)
    found = row_diff(store, *sides, key=key, show=show, offset=offset, limit=limit)
    counts = found.counts or {"added": 0, "removed": 0, "changed": 0}
    rows_before, rows_after = found.rows or (0, 0)
    shown = _shown(found)
    return DatasetRowDiffView(
        before=before.version,
        after=after.version,
        key=tuple(short_text(one) for one in found.key),
        candidates=tuple(short_text(one) for one in found.candidates),
        problem=short_text(found.problem),
        rows_before=rows_before,
        rows_after=rows_after,
        added=counts["added"],
        removed=counts["removed"],
        changed=counts["changed"],
        columns=tuple(_column(found, at) for at in shown),
        rows=_rows(found, shown),
        offset=offset,
        count=counts[show] if show else sum(counts.values()),
        notices=_notices(found, len(shown)),
    )


def _side(store: Store, record: DatasetRecord) -> Side:
    definition = record.definition
    files = None if definition.format == "sql_query" else found_files(store, definition)
    profile = kept(store, record) if record.key else None
    if profile is None:
        return Side(definition, files)
    unique = (one.name for one in profile.columns if one.is_unique and not one.missing)
    return Side(definition, files, tuple(unique))


def _shown(found: RowDiff) -> list[int]:
    """Places of the columns to show."""
    changes = found.changes or {}
    keys = len(found.key) if found.columns else 0
    rest = sorted(
        range(keys, len(found.columns)), key=lambda at: not changes.get(found.columns[at])
    )
    return [*range(keys), *rest][:SHOWN]


def _column(found: RowDiff, at: int) -> RowDiffColumnView:
    name = found.columns[at]
    before, after = (found.before or {}).get(name, ""), (found.after or {}).get(name, "")
    zone = found.zones[1].get(name) or found.zones[0].get(name, "")
    return RowDiffColumnView(
        short_text(name), before, after, (found.changes or {}).get(name, 0), zone
    )


def _rows(found: RowDiff, shown: Sequence[int]) -> tuple[RowChangeView, ...]:
    page = found.page
    if page is None:
        return ()
    first = len(PLACES)
    cells: dict[int, tuple[list[JsonScalar], list[JsonScalar]]] = {
        at: (_cells(found, first + 2 * at, at, 0), _cells(found, first + 2 * at + 1, at, 1))
        for at in shown
    }
    compared = {found.columns.index(name): place for place, name in enumerate(found.changes or {})}
    places = [page.column(name).to_pylist() for name in PLACES]
    return tuple(
        _row(line, (before, after, differs), shown, cells, compared)
        for line, (before, after, differs) in enumerate(zip(*places, strict=True))
    )


def _cells(found: RowDiff, column: int, at: int, side: int) -> list[JsonScalar]:
    page: Any = found.page
    return cells_of(page.column(column), found.zones[side].get(found.columns[at], ""))


def _row(
    line: int,
    places: tuple[int | None, int | None, list[bool]],
    shown: Sequence[int],
    cells: dict[int, tuple[list[JsonScalar], list[JsonScalar]]],
    compared: dict[int, int],
) -> RowChangeView:
    before, after, differs = places
    side = 0 if after is None else 1
    state = "removed" if after is None else "added" if before is None else "changed"
    changed = [
        place
        for place, at in enumerate(shown)
        if state == "changed" and at in compared and differs[compared[at]]
    ]
    return RowChangeView(
        state,
        before,
        after,
        tuple(cells[at][side][line] for at in shown),
        tuple(changed),
        tuple(cells[shown[place]][0][line] for place in changed),
    )


def _notices(found: RowDiff, shown: int) -> tuple[str, ...]:
    notices = []
    if found.left_out:
        notices.append(
            f"The first {MOST_COLUMNS} columns are compared; {count_text(found.left_out, 'more column')} are not."
        )
    if len(found.columns) > shown:
        notices.append(
            f"{shown} of {len(found.columns):,} columns are shown, those that changed first."
        )
    return tuple(notices)
