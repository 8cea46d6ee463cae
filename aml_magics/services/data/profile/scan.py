"""Profiles rows with DuckDB: two passes in bounded memory, however many rows.

The first pass counts and draws a sample. The sample's quantiles and frequent values tell the second pass what
to count exactly: so each histogram bin and each count of a frequent value is right, and a quantile lies
between two values whose ranks were counted. A few rows are kept whole, and everything is exact.

Why not DuckDB's own SUMMARIZE: it is slower, has three quantiles, and neither histograms nor frequent
values (``tests/benchmarks/profile.py`` measures both).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.data.profile import Profile
from aml_magics.services.data.profile.measure import (
    FEW,
    Measure,
    NestedMeasure,
    TextMeasure,
    TruthMeasure,
)
from aml_magics.services.data.profile.number import (
    DecimalMeasure,
    IntegerMeasure,
    TimestampMeasure,
)
from aml_magics.services.data.profile.relation import MOST_COLUMNS, Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aml_magics.records.data.profile import ColumnProfile
    from aml_magics.services.data.profile.measure import Expressions

MEMORY: Final = 350 * 10**6
"""DuckDB's memory limit in bytes; it spills the rest to disk."""

SAMPLE_ROWS: Final = 50_000
SAMPLE_CELLS: Final = 2_000_000
SMALLEST_SAMPLE: Final = 5_000
AT_ONCE: Final = 64
"""Columns of a pass: DuckDB plans a query in the square of its length, and each column takes memory."""

_MOST_NOTICES: Final = 5
_COUNTED_AT_ONCE: Final = 20
_NARROW: Final = 2**22
"""So are, beside few values, integers in a range up to this one, by a bit each: half a megabyte for each thread and column."""
_KEY_ROWS: Final = 10_000_000
_KEYS: Final = 4
"""Columns of a pass that are counted because all of their values may differ: each takes memory."""
_SAMPLE: Final = "profile_sample"
_COUNTED: Final = "profile_counted"
_MEASURES: Final[dict[str, type[Measure]]] = {
    "integer": IntegerMeasure,
    "decimal": DecimalMeasure,
    "datetime": TimestampMeasure,
    "date": TimestampMeasure,
    "time": TimestampMeasure,
    "string": TextMeasure,
    "boolean": TruthMeasure,
    "binary": Measure,
}


def scan(rows: Relation, *, exact: bool = False, expected: int | None = None) -> Profile:
    """Profile rows.

    Args:
        rows: tables and variables with the prefix ``profile_`` are made on their connection.
        exact: count distinct values instead of estimating their number.
        expected: the approximate number of rows; None counts them first.
    """
    rows.connection.execute(f"SET memory_limit = '{MEMORY}B'")
    measures = [
        _MEASURES.get(kind, NestedMeasure)(place, name, kind)
        for place, (name, kind) in enumerate(rows.columns[:MOST_COLUMNS])
    ]
    total = rows.one(["count(*)"])[0] if expected is None or not measures else expected
    if len(measures) > AT_ONCE:  # they are read several times
        rows = rows.copied()
    found: list[ColumnProfile] = []
    for start in range(0, len(measures), AT_ONCE):
        total, made = _scan(rows, measures[start : start + AT_ONCE], total, exact=exact)
        found += made
    is_exact = all(column.is_exact or column.distinct is None for column in found)
    return Profile(total, tuple(found), is_exact, _notices(rows, found), len(rows.columns))


def _scan(
    rows: Relation, measures: Sequence[Measure], expected: int, *, exact: bool
) -> tuple[int, list[ColumnProfile]]:
    """The number of rows, and the profiles of some columns."""
    most = max(1, min(SAMPLE_ROWS, SAMPLE_CELLS // len(measures)))
    is_all = expected <= most
    total, sample = _first_pass(rows, measures, most / max(1, expected), is_all=is_all)
    if not is_all:
        drawn = sample.one(["count(*)"])[0]
        if drawn == total or drawn < min(total, SMALLEST_SAMPLE, most):  # fewer rows than expected
            is_all = total <= most
            total, sample = _first_pass(rows, measures, most / max(1, total), is_all=is_all)
    source = sample if is_all else rows
    exact = exact or is_all
    _ask(
        sample,
        measures,
        lambda measure: {**measure.of_sample(is_all=is_all), **measure.repeated()},
    )
    for measure in measures:
        measure.prepare(sample, is_all=is_all)
    if not exact:
        _choose_counted(measures)
    _ask(source, measures, lambda measure: {**measure.second(), **measure.counted()})
    if not exact:
        _ask(source, _incomplete(measures), lambda measure: measure.counted())
    if exact:
        _count_distinct(source, [measure for measure in measures if measure.counts_distinct])
    return total, [measure.profile(total, source, exact=exact) for measure in measures]


def _first_pass(
    rows: Relation, measures: Sequence[Measure], share: float, *, is_all: bool
) -> tuple[int, Relation]:
    """Count the rows and keep a ``share`` of them, or all; return the count and the kept rows."""
    asked = _named(measures, lambda measure: measure.first())
    aggregates = ["count(*)", *asked.values()]
    if is_all:
        sample = rows.keep([measure.value for measure in measures], _SAMPLE)
        total, *answers = sample.one(aggregates)
    else:
        # as one more aggregate, since USING SAMPLE would read the files once more
        fields = ", ".join(f"{measure.value} := {measure.sampled}" for measure in measures)
        picked = f"list(struct_pack({fields})) FILTER (random() < {share!r}) AS picked"
        aliased = [f"{aggregate} AS a{place}" for place, aggregate in enumerate(aggregates)]
        counted = rows.keep([*aliased, picked], _COUNTED)
        sample = counted.keep(["unnest(picked, max_depth := 2)"], _SAMPLE)
        total, *answers = counted.one(["* EXCLUDE (picked)"])
        rows.connection.execute(f"DROP TABLE {_COUNTED}")
    _answer(asked, answers)
    return total, sample


def _ask(
    rows: Relation, measures: Sequence[Measure], wanted: Callable[[Measure], Expressions]
) -> None:
    """Run the expressions of all measures in one query."""
    asked = _named(measures, wanted)
    _answer(asked, rows.one(list(asked.values())))


def _named(
    measures: Sequence[Measure], wanted: Callable[[Measure], Expressions]
) -> dict[tuple[Measure, str], str]:
    return {(one, name): sql for one in measures for name, sql in wanted(one).items()}


def _answer(asked: Iterable[tuple[Measure, str]], answers: Sequence[Any]) -> None:
    for (measure, name), answer in zip(asked, answers, strict=True):
        measure.answers[name] = answer


def _choose_counted(measures: Sequence[Measure]) -> None:
    """Have the second pass count what costs it little: few values, and those that may all differ."""
    keys = 0
    for measure in measures:
        distinct = measure.answers["distinct"]
        if distinct is None:
            continue
        is_cheap = distinct <= FEW or (measure.span or _NARROW + 1) <= _NARROW
        may_be_key = (
            measure.may_be_unique
            and not measure.answers.get("repeats")
            and measure.answers["count"] <= _KEY_ROWS
        )
        # of few texts the second pass counts each
        has_all = isinstance(measure, TextMeasure) and 0 < distinct <= FEW
        measure.is_counted = not has_all and (is_cheap or (may_be_key and keys < _KEYS))
        keys += measure.is_counted and not is_cheap


def _incomplete(measures: Sequence[Measure]) -> list[TextMeasure]:
    """Texts with few values, some of which the sample does not have: they need a pass more."""
    left = []
    for measure in measures:
        if not isinstance(measure, TextMeasure) or measure.is_counted:
            continue
        is_complete = measure.is_complete
        if is_complete:
            measure.answers["distinct"] = len(measure.counts)
        elif measure.answers["distinct"] > FEW:
            continue
        measure.is_counted = True
        if not is_complete:
            left.append(measure)
    return left


def _count_distinct(source: Relation, measures: Sequence[Measure]) -> None:
    """Some columns at a time: each takes a table of its values in memory."""
    for start in range(0, len(measures), _COUNTED_AT_ONCE):
        some = measures[start : start + _COUNTED_AT_ONCE]
        _ask(source, some, lambda measure: {"distinct": f"count(DISTINCT {measure.value})"})


def _notices(rows: Relation, found: Sequence[ColumnProfile]) -> tuple[str, ...]:
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
