"""The rows that differ between two datasets, found by a key: added, removed, or changed in some cells.

Both sides are read once into a full join by the key, of which only the rows that differ are kept, for
as long as somebody pages through them. Names of
columns are user-given: in the queries columns are named by their place.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from aml_magics.errors import ColumnNotFoundError, did_you_mean
from aml_magics.kinds._sql import Sql, bound, joined, name, raw, sql
from aml_magics.kinds.transforms._base import numbered
from aml_magics.services.data.table.kept_open import KeptOpen
from aml_magics.services.data.table.session import TableSession

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from aml_magics.kinds._rows import Rows
    from aml_magics.records.data.dataset import Definition
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

MOST_COLUMNS: Final = 300
"""Columns that are compared: each is there twice in the join."""
CANDIDATES: Final = 8
_TRIED: Final = 4
_LOOKED_AT: Final = 100
_SHARE: Final = 0.8
_NUMBERS: Final = frozenset({"integer", "decimal"})
_KEYS: Final = frozenset({"integer", "string", "datetime", "date", "time", "binary"})
_NESTED: Final = frozenset({"list", "struct"})

State = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Side:
    """A dataset of the comparison; ``unique`` are columns whose values all differ, None if nobody knows."""

    definition: Definition
    files: Sequence[DataFile] | None = None
    unique: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RowDiff:
    """The rows that differ.

    Args:
        key: the columns that name a row; empty where there is no such key.
        candidates: columns that may name rows, the most likely first.
        problem: why there is no comparison; empty if there is one.
        rows: the number of rows before and after; None where there is no comparison.
        counts: of rows by their state.
        columns: those of the key, then the others of both sides, as they stand after.
        before, after: types by column; a column that a side lacks is not there.
        zones: of timestamps by column, before and after.
        changes: how many rows have another value, by column of both sides.
        left_out: columns that are not compared, since there are too many.
        page: two columns of cells, before and after, for each of ``columns``, after those of ``PLACES``.
    """

    key: tuple[str, ...]
    candidates: tuple[str, ...]
    problem: str = ""
    rows: tuple[int, int] | None = None
    counts: Mapping[State, int] | None = None
    columns: tuple[str, ...] = ()
    before: Mapping[str, str] | None = None
    after: Mapping[str, str] | None = None
    zones: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})
    changes: Mapping[str, int] | None = None
    left_out: int = 0
    page: pa.Table | None = None


PLACES: Final = ("before_row", "after_row", "differs")
"""The first columns of a page: places in the datasets from 1, and whether each of both sides' columns differs."""


def row_diff(
    store: Store,
    before: Side,
    after: Side,
    *,
    key: Sequence[str] = (),
    show: State | None = None,
    offset: int = 0,
    limit: int = 100,
) -> RowDiff:
    """Compare two datasets row by row.

    Args:
        key: columns that name a row; by default one whose values all differ on both sides.
        show: only the rows of this state.
        offset: differing rows to skip; they stand in the order of ``after``, removed ones at their old place.
        limit: differing rows at most.

    Raises:
        ColumnNotFoundError: the key names a column that a side lacks.
        InvalidDataError, DataAccessError: a side cannot be read.
        KeyboardInterrupt: the user interrupted.
    """
    if (
        before.files is None or after.files is None
    ):  # a query, whose answer may be another the next time
        comparison = _Comparison(TableSession(store), before, after)
        try:
            return comparison.made(key, show, offset, limit)
        finally:
            comparison.close()
    named = (str(store.folder), _name_of(before), _name_of(after))
    with _open.using(named, lambda: _Comparison(TableSession(store), before, after)) as comparison:
        return comparison.made(key, show, offset, limit)


def _name_of(side: Side) -> str:
    """All that decides what a side's rows are, and which columns are taken for a key."""
    files = [(one.location, one.path, one.size, one.version) for one in side.files or ()]
    return repr((side.definition, files, side.unique))


class _Comparison:
    def __init__(self, session: TableSession, before: Side, after: Side) -> None:
        self.session = session
        self.sides = (before, after)
        self.found: dict[tuple[str, ...], RowDiff] = {}
        """What was found by the key whose rows are kept, without a page; () asks for the guessed one."""
        with ExitStack() as unless_it_opens:
            unless_it_opens.callback(session.close)
            self._read()
            unless_it_opens.pop_all()

    def close(self) -> None:
        """Forget the rows."""
        self.session.close()

    def _read(self) -> None:
        session = self.session
        with session.explaining():
            readings = [session.open(side.definition, side.files) for side in self.sides]
        self.zones = (readings[0].zones, readings[1].zones)
        self.rows = [
            self._copied(place, reading.rows)
            if side.definition.format == "sql_query"
            else reading.rows
            for place, (side, reading) in enumerate(zip(self.sides, readings, strict=True))
        ]
        self.types = [{one.name: one.type for one in rows.columns} for rows in self.rows]
        self.common = [one for one in self.rows[1].columns if one.name in self.types[0]]

    def made(self, key: Sequence[str], show: State | None, offset: int, limit: int) -> RowDiff:
        asked = tuple(dict.fromkeys(key))
        if asked not in self.found:
            found = self._compared(asked)
            self.found = {asked: found, found.key: found}
        found = self.found[asked]
        return (
            found if found.problem else replace(found, page=self._page(found, show, offset, limit))
        )

    def _compared(self, key: tuple[str, ...]) -> RowDiff:
        for column in key:
            self._check(column)
        ranked = self._ranked()
        candidates = tuple(ranked[:CANDIDATES])
        chosen, problem = key, ""
        if chosen:
            problem = self._doubt(chosen)
        else:
            chosen = next(((one,) for one in ranked[:_TRIED] if not self._doubt((one,))), ())
            if not chosen:
                problem = "No column that both have names each row once; choose the columns that do so together."
        if problem:
            return RowDiff(chosen, candidates, problem)
        return self._joined(chosen, candidates)

    def _copied(self, place: int, rows: Rows) -> Rows:
        """The answer to a query, asked for once."""
        copy = name(f"row_diff_side_{place}")
        self.session.execute(sql("CREATE TEMP TABLE {} AS {}", copy, rows.sql))
        return type(rows)(sql("SELECT * FROM {}", copy), rows.columns)

    def _check(self, column: str) -> None:
        names = [one.name for one in self.common]
        if column not in names:
            raise ColumnNotFoundError(
                f"There is no column {column!r:.100} in both datasets, by which rows could be found again."
                f"{did_you_mean(column, names)}"
            )

    def _ranked(self) -> list[str]:
        """Columns that may be a key: by what is known, by their names, and by their place."""
        able = [one for one in self.common if one.type in _KEYS][:_LOOKED_AT]
        known = [side.unique for side in self.sides]
        if known[0] is not None and known[1] is not None:
            sure = {*known[0]} & {*known[1]}
            return sorted(
                (one.name for one in able), key=lambda one: (one not in sure, _look_of(one))
            )
        if not able:
            return []
        asked = joined(", ", (sql("approx_count_distinct({})", name(one.name)) for one in able))
        some = self.rows[1].narrowed([one.name for one in able])
        ((total, *counts),) = self.session.execute(
            sql("SELECT count(*), {} FROM ({})", asked, some.sql)
        )
        shares = {one.name: n / max(total, 1) for one, n in zip(able, counts, strict=True)}
        return sorted(
            shares, key=lambda one: (shares[one] < _SHARE, _look_of(one), -round(shares[one], 1))
        )

    def _doubt(self, key: Sequence[str]) -> str:
        """Why columns do not name each row once; empty if they do."""
        parts = [name(one) for one in key]
        empty = joined(" OR ", (sql("{} IS NULL", one) for one in parts))
        whole = parts[0] if len(parts) == 1 else sql("({})", joined(", ", parts))
        for rows, word in zip(self.rows, ("first", "second"), strict=True):
            ((total, gaps, distinct),) = self.session.execute(
                sql(
                    "SELECT count(*), count(*) FILTER ({}), count(DISTINCT {}) FROM ({})",
                    empty,
                    whole,
                    rows.narrowed(key).sql,
                )
            )
            what = " and ".join(repr(one)[:60] for one in key)
            if gaps:
                return f"{gaps:,} of {total:,} rows of the {word} dataset have no value in {what}, so it names no row."
            if distinct < total:
                return f"{total - distinct:,} of {total:,} rows of the {word} dataset repeat a value of {what}, so it names no single row."
        return ""

    def _joined(self, key: tuple[str, ...], candidates: tuple[str, ...]) -> RowDiff:
        both = [one for one in self.common if one.name not in key]
        new = [one for one in self.rows[1].columns if one.name not in self.types[0]]
        old = [one for one in self.rows[0].columns if one.name not in self.types[1]]
        all_columns = [*both, *new, *old]
        shown = all_columns[:MOST_COLUMNS]
        names = (*key, *(one.name for one in shown))
        differs = self._all_differs(names, len(key))
        self._keep(names, len(key), differs)
        totals = self._totals(differs)
        return RowDiff(
            key,
            candidates,
            rows=(totals["before"], totals["after"]),
            counts={state: totals[state] for state in ("added", "removed", "changed")},
            columns=names,
            before=self.types[0],
            after=self.types[1],
            zones=self.zones,
            changes={names[at]: totals[f"d{at}"] for at, _ in differs},
            left_out=len(all_columns) - len(shown),
        )

    def _all_differs(self, names: Sequence[str], keys: int) -> list[tuple[int, Sql]]:
        return [
            self._differs(at, one)
            for at, one in enumerate(names)
            if at >= keys and self._is_common(one)
        ]

    def _is_common(self, column: str) -> bool:
        return column in self.types[0] and column in self.types[1]

    def _differs(self, at: int, column: str) -> tuple[int, Sql]:
        """Whether a cell changed; values of two types are compared as texts, so that none is an error."""
        types = {self.types[0][column], self.types[1][column]}
        is_text = (len(types) > 1 and not types <= _NUMBERS) or types & _NESTED
        form = "CAST({} AS VARCHAR)" if is_text else "{}"
        pair = [sql(form, raw(f"{side}{at}")) for side in "ba"]
        return at, sql("({} IS DISTINCT FROM {})", *pair)

    def _keep(self, names: Sequence[str], keys: int, differs: Sequence[tuple[int, Sql]]) -> None:
        """Keep the rows that differ, and count those of both sides."""
        sides = [self._side(place, names) for place in (0, 1)]
        on = joined(" AND ", (self._same_key(at, names[at]) for at in range(keys)))
        changed = joined(" OR ", (one for _, one in differs)) if differs else raw("false")
        cells = [
            f"{side}{at}" for at in range(len(names)) for side in "ba" if self._has(side, names[at])
        ]
        query = sql(
            "CREATE OR REPLACE TEMP TABLE row_diff AS SELECT bn, an, {} FROM ({}) FULL JOIN ({}) ON {} "
            "WHERE bn IS NULL OR an IS NULL OR {}",
            raw(", ".join(cells)),
            *sides,
            on,
            changed,
        )
        self.session.execute(query)

    def _has(self, side: str, column: str) -> bool:
        return column in self.types[side == "a"]

    def _same_key(self, at: int, column: str) -> Sql:
        types = {self.types[0][column], self.types[1][column]}
        is_text = len(types) > 1 and not types <= _NUMBERS
        form = "CAST(b{0} AS VARCHAR) = CAST(a{0} AS VARCHAR)" if is_text else "b{0} = a{0}"
        return raw(form.format(at))

    def _side(self, place: int, names: Sequence[str]) -> Sql:
        """The numbered rows of a side, its columns named by their place."""
        side = "ba"[place]
        there = [(at, one) for at, one in enumerate(names) if one in self.types[place]]
        rows, number = numbered(self.rows[place].narrowed(one for _, one in there))
        cells = [sql("{} AS {}", name(one), raw(f"{side}{at}")) for at, one in there]
        return sql(
            "SELECT {} AS {}, {} FROM ({})", raw(number), raw(f"{side}n"), joined(", ", cells), rows
        )

    def _totals(self, differs: Sequence[tuple[int, Sql]]) -> dict[str, int]:
        counts = [
            self.session.execute(sql("SELECT count(*) FROM ({})", rows.narrowed(()).sql))
            for rows in self.rows
        ]
        states = {state: raw(f"count(*) FILTER ({where})") for state, where in _STATES.items()}
        changes = {
            f"d{at}": sql("count(*) FILTER (bn IS NOT NULL AND an IS NOT NULL AND {})", one)
            for at, one in differs
        }
        asked: dict[str, Sql] = {**changes}
        asked |= {str(state): one for state, one in states.items()}
        (answers,) = self.session.execute(
            sql("SELECT {} FROM row_diff", joined(", ", asked.values()))
        )
        found = dict(zip(asked, answers, strict=True))
        return {**found, "before": counts[0][0][0], "after": counts[1][0][0]}

    def _page(self, found: RowDiff, show: State | None, offset: int, limit: int) -> pa.Table:
        names, differs = found.columns, self._all_differs(found.columns, len(found.key))
        cells = [
            raw(f"{side}{at}" if self._has(side, one) else f"NULL AS {side}{at}")
            for at, one in enumerate(names)
            for side in "ba"
        ]
        flags = joined(", ", (one for _, one in differs))
        query = sql(
            "SELECT bn AS before_row, an AS after_row, CAST([{}] AS BOOLEAN[]) AS differs, {} FROM row_diff "
            "WHERE {} ORDER BY coalesce(an, bn), an IS NULL LIMIT {} OFFSET {}",
            flags,
            joined(", ", cells),
            raw(_STATES[show] if show else "true"),
            bound(limit),
            bound(offset),
        )
        return self.session.arrow(query)


_STATES: Final[dict[State, str]] = {
    "added": "bn IS NULL",
    "removed": "an IS NULL",
    "changed": "bn IS NOT NULL AND an IS NOT NULL",
}


def _look_of(column: str) -> int:
    """How much a name looks like that of a key: the less, the more."""
    plain = column.lower().strip("_ ")
    if plain in ("id", "key", "uuid", "guid", "index"):
        return 0
    is_like = plain.endswith(("id", "key", "code", "number", "no", "nr"))
    return 1 if is_like else 2


_open: Final[KeptOpen[_Comparison]] = KeptOpen(most=2, seconds=300.0)
