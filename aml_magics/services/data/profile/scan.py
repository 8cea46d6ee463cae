"""The profile of rows that DuckDB reads: two passes, whatever their number, in bounded memory.

The first pass counts, and keeps some rows drawn by chance. What these say of quantiles and frequent
values tells the second where to look, and that counts exactly: so each bin of a histogram and each
count of a frequent value is right, and a quantile lies between two values whose ranks were counted.
Of few rows all are kept, and everything is exact.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.profile import Profile
from aml_magics.services.data.profile.measure import Measure, NestedMeasure, TruthMeasure
from aml_magics.services.data.profile.number import DecimalMeasure, IntegerMeasure, MomentMeasure
from aml_magics.services.data.profile.rows import MOST_COLUMNS, Rows
from aml_magics.services.data.profile.text import TextMeasure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.profile import ColumnProfile

MEMORY: Final = 350 * 10**6
"""Bytes that DuckDB takes; what it needs beyond goes to files."""

DRAWN_ROWS: Final = 50_000
DRAWN_CELLS: Final = 2_000_000
FEWEST_DRAWN: Final = 5_000
AT_ONCE: Final = 64
"""Columns of a pass: DuckDB plans a query in the square of its length, and each column takes memory."""

_MOST_NOTICES: Final = 5
_COUNTED_AT_ONCE: Final = 20
_DRAWN: Final = "profile_drawn"
_COUNTED: Final = "profile_counted"
_MEASURES: Final[dict[str, type[Measure]]] = {
    "integer": IntegerMeasure,
    "decimal": DecimalMeasure,
    "datetime": MomentMeasure,
    "date": MomentMeasure,
    "time": MomentMeasure,
    "string": TextMeasure,
    "boolean": TruthMeasure,
    "binary": Measure,
}


def scan(rows: Rows, *, exact: bool = False, expected: int | None = None) -> Profile:
    """The profile of rows.

    Args:
        rows: the rows; tables and variables with ``profile_`` are made on their connection.
        exact: count the different values, instead of estimating their number.
        expected: about how many rows there are; they are counted first where it is None.
    """
    rows.connection.execute(f"SET memory_limit = '{MEMORY}B'")
    measures = [
        _MEASURES.get(kind, NestedMeasure)(place, name, kind)
        for place, (name, kind) in enumerate(rows.columns[:MOST_COLUMNS])
    ]
    total = rows.tell(["count(*)"])[0] if expected is None or not measures else expected
    if len(measures) > AT_ONCE:  # they are read several times
        rows = rows.copied()
    found: list[ColumnProfile] = []
    for start in range(0, len(measures), AT_ONCE):
        total, made = _scan(rows, measures[start : start + AT_ONCE], total, exact=exact)
        found += made
    is_exact = all(column.is_exact or column.distinct is None for column in found)
    return Profile(total, tuple(found), is_exact, _notices(rows, found), len(rows.columns))


def _scan(
    rows: Rows, measures: Sequence[Measure], expected: int, *, exact: bool
) -> tuple[int, tuple[ColumnProfile, ...]]:
    """How many rows there are, and the profile of some columns."""
    most = max(1, min(DRAWN_ROWS, DRAWN_CELLS // len(measures)))
    total, drawn = _first_pass(rows, measures, expected, most)
    if drawn < min(total, FEWEST_DRAWN, most):  # fewer rows than expected, so too few were drawn
        total, drawn = _first_pass(rows, measures, total, most)
    is_whole = drawn == total
    kept = Rows(rows.connection, f"FROM {_DRAWN}", None, ())
    _look_at_drawn(kept, measures, is_whole=is_whole)
    source = kept if is_whole else rows
    return total, _second_pass(source, measures, total, exact=exact or is_whole)


def _first_pass(rows: Rows, measures: Sequence[Measure], count: int, most: int) -> tuple[int, int]:
    """Count, and keep rows drawn by chance, or all where they are few; how many there are, and were kept."""
    asked = [measure.first() for measure in measures]
    flat = [aggregate for aggregates in asked for aggregate in aggregates]
    if count <= most:
        rows.keep([measure.value for measure in measures], _DRAWN)
        kept = Rows(rows.connection, f"FROM {_DRAWN}", None, ())
        total, *told = kept.tell(["count(*)", *flat])
        size = total
    else:
        total, size, told = _draw(rows, measures, most / count, flat)
    answers = iter(told)
    for measure, aggregates in zip(measures, asked, strict=True):
        measure.take_first(list(islice(answers, len(aggregates))))
    return total, size


def _draw(
    rows: Rows, measures: Sequence[Measure], share: float, asked: Sequence[str]
) -> tuple[int, int, list[Any]]:
    """Draw rows by chance while aggregates are made; how many there are, were drawn, and the answers."""
    fields = ", ".join(f"{measure.value} := {measure.drawn}" for measure in measures)
    picked = f"list(struct_pack({fields})) FILTER (random() < {share!r}) AS picked"
    named = [f"{aggregate} AS a{place}" for place, aggregate in enumerate(asked)]
    rows.keep(["count(*) AS total", *named, picked], _COUNTED)
    counted = Rows(rows.connection, f"FROM {_COUNTED}", None, ())
    counted.keep(["unnest(picked, max_depth := 2)"], _DRAWN)
    told = counted.tell(["* EXCLUDE (picked)"])
    rows.connection.execute(f"DROP TABLE {_COUNTED}")
    drawn = Rows(rows.connection, f"FROM {_DRAWN}", None, ()).tell(["count(*)"])[0]
    return told[0], drawn, list(told[1:])


def _look_at_drawn(kept: Rows, measures: Sequence[Measure], *, is_whole: bool) -> None:
    asked = [measure.of_drawn(is_whole=is_whole) for measure in measures]
    told = iter(kept.tell([aggregate for aggregates in asked for aggregate in aggregates]))
    for measure, aggregates in zip(measures, asked, strict=True):
        measure.take_drawn(list(islice(told, len(aggregates))), kept, is_whole=is_whole)


def _second_pass(
    source: Rows, measures: Sequence[Measure], total: int, *, exact: bool
) -> tuple[ColumnProfile, ...]:
    asked = [measure.second() for measure in measures]
    flat = [aggregate for aggregates in asked for aggregate in aggregates]
    told = iter(source.tell(flat))
    if exact:
        _count_distinct(source, [measure for measure in measures if measure.counts_distinct])
    return tuple(
        measure.profile(list(islice(told, len(aggregates))), total, source, exact=exact)
        for measure, aggregates in zip(measures, asked, strict=True)
    )


def _count_distinct(source: Rows, measures: Sequence[Measure]) -> None:
    """Some columns at a time: each takes a table of its values in memory."""
    for start in range(0, len(measures), _COUNTED_AT_ONCE):
        batch = measures[start : start + _COUNTED_AT_ONCE]
        counted = source.tell([f"count(DISTINCT {measure.value})" for measure in batch])
        for measure, distinct in zip(batch, counted, strict=True):
            measure.distinct = distinct


def _notices(rows: Rows, found: Sequence[ColumnProfile]) -> tuple[str, ...]:
    notices = []
    if len(rows.columns) > MOST_COLUMNS:
        notices.append(
            f"The profile is of the first {MOST_COLUMNS:,} of {len(rows.columns):,} columns."
        )
    odd = [column for column in found if column.nan or column.infinite]
    notices += [
        f"Column {column.name!r:.120} has {_odd(column)}: its mean, deviation, quantiles and histogram are of the others."
        for column in odd[:_MOST_NOTICES]
    ]
    if len(odd) > _MOST_NOTICES:
        notices.append(f"{len(odd) - _MOST_NOTICES:,} more columns have NaN or infinite values.")
    return tuple(notices)


def _odd(column: ColumnProfile) -> str:
    parts = (
        f"{column.nan:,} NaN" if column.nan else "",
        f"{column.infinite:,} infinite values" if column.infinite else "",
    )
    return " and ".join(filter(None, parts))
