"""The SQL aggregates of each column type in each pass over the rows, and the profile made of their results.

A measure names SQL expressions and finds the results under the same names in ``answers``:

1. ``first`` runs over all rows, while a sample is drawn;
2. ``of_sample`` runs over the sample; ``prepare`` then sets the bins to count in the second pass;
3. ``second`` runs over all rows again, and ``profile`` reads the results.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.profile import NEARLY, SHARES, TOP, ColumnProfile, Histogram
from aml_magics.services.data.profile.histogram import (
    bin_counts,
    bracket_bounds,
    bracket_shares,
    histogram_edges,
    quantiles,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from aml_magics.records.profile import ProfileValue
    from aml_magics.services.data.profile.relation import Relation

LONGEST: Final = 300
"""Texts with the same prefix of this length count as one among the most frequent."""

_CANDIDATES: Final = 10 * TOP
_OFTEN: Final = 4
"""A value in this many sampled rows is a candidate for the most frequent."""

_FEW: Final = 64
"""Up to this many distinct numbers get a bin each, which makes quantiles exact."""

WIDEST: Final = 2**26
"""Integers in a range up to this one are counted by a bit each."""

_MICROSECONDS: Final = 1_000_000
_DAY: Final = 86_400

Expressions = dict[str, str]


class Measure:
    """A column whose values are only counted; the base class of all measures.

    Args:
        place: the column's index, from zero.
        type: the word for its type.
    """

    counts_distinct = True
    is_key_like = True
    """Whether a column of this type, all of whose values differ, may name the rows."""
    is_counted = False
    """Whether the second pass counts the distinct values."""
    span: int | None = None
    """Of integers and days, how many there are from the least to the greatest."""

    def __init__(self, place: int, name: str, type: str) -> None:
        self.value, self.name, self.type = f"c{place}", name, type
        self.variable = f"profile_{place}"
        self.answers: dict[str, Any] = {}

    @property
    def sampled(self) -> str:
        """The expression that a sampled row keeps of the column."""
        return "NULL"

    def first(self) -> Expressions:
        """The aggregates of the first pass."""
        estimate = f"approx_count_distinct({self.value})" if self.counts_distinct else "NULL"
        return {"count": f"count({self.value})", "distinct": estimate}

    def of_sample(self, *, is_all: bool) -> Expressions:
        """The aggregates of the sample; with ``is_all`` the sample is all rows."""
        del is_all
        return {}

    def prepare(self, sample: Relation, *, is_all: bool) -> None:
        """Prepare the second pass."""

    def second(self) -> Expressions:
        """The aggregates of the second pass."""
        return {}

    @property
    def may_be_unique(self) -> bool:
        """Whether all values may differ, as far as the first pass can tell."""
        distinct = self.answers["distinct"]
        return (
            self.is_key_like and distinct is not None and distinct >= NEARLY * self.answers["count"]
        )

    def repeated(self) -> Expressions:
        """The repeated values of the sample, which rule out that all differ; empty where it cannot tell."""
        if not self.may_be_unique or self.sampled == "NULL" or self.span is not None:
            return {}
        return {"repeats": f"count({self.value}) - count(DISTINCT {self.value})"}

    def counted(self) -> Expressions:
        """The distinct values, for the second pass."""
        return {"distinct": f"count(DISTINCT {self.value})"} if self.is_counted else {}

    def profile(self, total: int, rows: Relation, *, exact: bool) -> ColumnProfile:
        """The profile of the column.

        Args:
            total: the number of rows.
            exact: everything was counted, not estimated.
        """
        del rows
        count = self.answers["count"]
        is_exact = (exact or self.is_counted) and self.counts_distinct
        if not exact and self.answers.get("is_hashed"):
            is_exact = self.answers["distinct"] == count
        return ColumnProfile(
            self.name, self.type, count, total - count, self.answers["distinct"], is_exact=is_exact
        )


class NestedMeasure(Measure):
    """A list or a struct: only counted."""

    counts_distinct = False
    is_key_like = False


class TruthMeasure(Measure):
    """True and false: both are counted, so everything is exact."""

    counts_distinct = False
    is_key_like = False

    def first(self) -> Expressions:
        """Adds the number of true values."""
        return {**super().first(), "true": f"count(*) FILTER ({self.value})"}

    def profile(self, total: int, rows: Relation, *, exact: bool) -> ColumnProfile:
        """Adds both counts and the mean."""
        plain = super().profile(total, rows, exact=exact)
        true = self.answers["true"]
        found = [(value, n) for value, n in ((True, true), (False, plain.count - true)) if n]
        return replace(
            plain,
            distinct=len(found),
            is_exact=True,
            low=min((value for value, _ in found), default=None),
            high=max((value for value, _ in found), default=None),
            mean=true / plain.count if plain.count else None,
            top=tuple(sorted(found, key=lambda pair: -pair[1])),
        )


class TextMeasure(Measure):
    """Texts.

    The sample's frequent values are candidates for the most frequent ones; the second pass counts them in all
    rows. A value in less than one row of 10,000 may be missing.
    """

    def __init__(self, place: int, name: str, type: str) -> None:
        super().__init__(place, name, type)
        self.text = f"{self.value}::VARCHAR"
        self.candidates: list[str] = []

    @property
    def sampled(self) -> str:
        """A prefix, since a few long texts would fill the memory."""
        return f"left({self.text}, {LONGEST})"

    def first(self) -> Expressions:
        """Adds minimum, maximum and the bytes of the longest text."""
        ends = {end: f"left({end}({self.text}), {LONGEST})" for end in ("min", "max")}
        return {**super().first(), **ends, "longest": f"max(strlen({self.text}))"}

    def prepare(self, sample: Relation, *, is_all: bool) -> None:
        """Take the sample's frequent values as candidates."""
        if is_all:  # the profile queries them from the same rows
            return
        found = self._most_frequent(sample, self.value, _CANDIDATES)
        self.candidates = [text for text, count in found if count >= _OFTEN]
        if self.candidates:
            sample.set_variable(self.variable, [text for text in self.candidates if text])

    @property
    def is_complete(self) -> bool:
        """Whether the candidates, counted in all rows, are all the values that there are."""
        is_whole = (self.answers["longest"] or 0) <= LONGEST  # else candidates are prefixes
        return is_whole and sum(self.counts.values()) == self.answers["count"]

    def counted(self) -> Expressions:
        """Of many texts the hashes, which take less memory: where all of them differ, so do the texts."""
        if self.is_counted and self.may_be_unique:
            return {"distinct": f"count(DISTINCT hash({self.value}))", "is_hashed": "true"}
        return super().counted()

    @property
    def counts(self) -> dict[str, int]:
        """How often the candidates are there."""
        found = {**(self.answers.get("counts") or {}), "": self.answers.get("empty", 0)}
        return {text: found[text] for text in self.candidates if found[text]}

    def second(self) -> Expressions:
        """The counts of the candidates."""
        if not self.candidates:
            return {}
        text = self.sampled if (self.answers["longest"] or 0) > LONGEST else self.text
        return {
            "counts": f"histogram_exact({text}, getvariable('{self.variable}')::VARCHAR[])",
            # histogram_exact counts all values that are not in its list under the empty text
            "empty": f"count(*) FILTER ({self.text} = '')",
        }

    def profile(self, total: int, rows: Relation, *, exact: bool) -> ColumnProfile:
        """Adds minimum, maximum and the most frequent values."""
        if exact:
            top = self._most_frequent(rows, self.sampled, TOP)
        else:
            top = sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]
        plain = super().profile(total, rows, exact=exact)
        return replace(plain, low=self.answers["min"], high=self.answers["max"], top=tuple(top))

    def _most_frequent(self, rows: Relation, text: str, most: int) -> list[tuple[str, int]]:
        rest = f"GROUP BY 1 HAVING count({self.value}) > 0 ORDER BY 2 DESC, 1 LIMIT {most}"
        return [(str(value), int(count)) for value, count in rows.all([text, "count(*)"], rest)]


class NumberMeasure(Measure):
    """Numbers; infinite and NaN values are only counted.

    The sample gives approximate quantiles. The second pass counts exactly how many values are in each bin of the
    histogram and near each quantile.
    """

    is_integer = False

    @property
    def real(self) -> str:
        """The finite values as doubles."""
        return f"{self.value}::DOUBLE"

    @property
    def sampled(self) -> str:
        """The value as a double."""
        return self.real

    @cached_property
    def edges(self) -> list[float]:
        """The histogram's edges, from the first pass; empty without a finite value."""
        least, greatest = self.answers["least"], self.answers["greatest"]
        if least is None:
            return []
        return histogram_edges(least, greatest, is_whole=self.is_integer)

    @property
    def mean(self) -> float | None:
        """The mean; None beyond the range of a double."""
        mean: float | None = self.answers["mean"]
        return mean if mean is None or math.isfinite(mean) else None

    def first(self) -> Expressions:
        """Adds range and mean of the finite values."""
        real = self.real
        return {
            **super().first(),
            "least": f"min({real})",
            "greatest": f"max({real})",
            "mean": f"avg({real})",
            "finite": f"count({real})",
        }

    def of_sample(self, *, is_all: bool) -> Expressions:
        """Quantiles of the sample, and its distinct values if there are few."""
        if not self.edges:
            return {}
        if is_all:
            return {"quantiles": f"quantile_disc({self.real}, {list(SHARES)!r})"}
        shares = sorted(bracket_shares(min(self.answers["finite"], 20_000)))
        asked = {"brackets": f"quantile_disc({self.value}, {shares!r})"}
        distinct = self.answers["distinct"]
        if distinct is not None and distinct <= _FEW:
            asked["values"] = f"list(DISTINCT {self.value})"
        return asked

    def prepare(self, sample: Relation, *, is_all: bool) -> None:
        """Set the bounds between which the second pass counts."""
        del is_all
        if not self.edges:
            return
        bounds = {*self.edges[1:], self.answers["least"], self.answers["greatest"]}
        bounds |= set(bracket_bounds(self.answers.get("brackets") or []))
        bounds |= {one for one in self.answers.get("values") or () if one is not None}
        sample.set_variable(self.variable, sorted(bounds))

    def second(self) -> Expressions:
        """The counts of the bins, and the squared deviations from the mean."""
        if not self.edges:
            return {}
        mean = "NULL" if self.mean is None else f"'{self.mean!r}'::DOUBLE"
        return {
            "bins": f"histogram({self.real}, getvariable('{self.variable}')::DOUBLE[])",
            "squares": f"sum(({self.real} - {mean}) * ({self.real} - {mean}))",
        }

    def profile(self, total: int, rows: Relation, *, exact: bool) -> ColumnProfile:
        """Adds range, mean, quantiles and histogram."""
        plain = super().profile(total, rows, exact=exact)
        if not self.edges:
            return plain
        least, greatest = self.answers["least"], self.answers["greatest"]
        counted = {bound: n for bound, n in self.answers["bins"].items() if math.isfinite(bound)}
        found = self.answers.get("quantiles")
        if found is None:
            found = quantiles(least, counted, is_whole=self.is_integer)
        low, high, *values = self._shown([least, greatest, *found], rows)
        return replace(
            plain,
            low=low,
            high=high,
            mean=self.mean,
            deviation=_deviation(self.answers["squares"], self.answers["finite"]),
            quantiles=tuple(zip(SHARES, values, strict=True)),
            histogram=Histogram(tuple(self.edges), bin_counts(self.edges, counted)),
        )

    def _shown(self, values: Sequence[Any], rows: Relation) -> list[ProfileValue]:
        """Minimum, maximum and quantiles in the profile's form."""
        del rows
        return list(values)


class IntegerMeasure(NumberMeasure):
    """Integers of any size."""

    is_integer = True

    @property
    def span(self) -> int | None:  # type: ignore[override] -- of the others it is a constant
        """How many integers there are from the least to the greatest."""
        low, high = self.answers["min"], self.answers["max"]
        return None if low is None else high - low + 1

    def counted(self) -> Expressions:
        """Of a small range a bit for each integer."""
        low, high = self.answers["min"], self.answers["max"]
        is_small = self.span is not None and self.span <= WIDEST and -(2**62) < low <= high < 2**62
        if not self.is_counted or not is_small:
            return super().counted()
        return {"distinct": _bit_count(f"{self.value}::BIGINT", low, high)}

    def first(self) -> Expressions:
        """Adds the exact range, which a double may round."""
        ends = {"min": f"min({self.value})", "max": f"max({self.value})"}
        return {**super().first(), **ends}

    def _shown(self, values: Sequence[Any], rows: Relation) -> list[ProfileValue]:
        del rows
        low, high = self.answers["min"], self.answers["max"]
        return [low, high, *(max(low, min(high, round(value))) for value in values[2:])]


class DecimalMeasure(NumberMeasure):
    """Floats, which may be NaN or infinite, and decimals."""

    is_key_like = False

    @property
    def real(self) -> str:
        """The finite values."""
        return f"(CASE WHEN isfinite({self.value}::DOUBLE) THEN {self.value}::DOUBLE END)"

    def first(self) -> Expressions:
        """Adds the number of values that are not finite."""
        value = f"{self.value}::DOUBLE"
        return {
            **super().first(),
            "nan": f"count(*) FILTER (isnan({value}))",
            "above": f"count(*) FILTER ({value} = 'inf'::DOUBLE)",
            "below": f"count(*) FILTER ({value} = '-inf'::DOUBLE)",
        }

    def profile(self, total: int, rows: Relation, *, exact: bool) -> ColumnProfile:
        """Uses infinite values as the range's ends."""
        made = super().profile(total, rows, exact=exact)
        above, below = self.answers["above"], self.answers["below"]
        low = -math.inf if below else made.low
        high = math.inf if above else made.high
        return replace(
            made,
            low=math.inf if low is None and above else low,
            high=-math.inf if high is None and below else high,
            nan=self.answers["nan"],
            infinite=above + below,
        )


class TimestampMeasure(NumberMeasure):
    """Timestamps, dates and times: as seconds."""

    @property
    def span(self) -> int | None:  # type: ignore[override] -- of the others it is a constant
        """Of dates the days from the first to the last; None where one of them is infinite."""
        ends = self._days
        return None if ends is None else ends[1] - ends[0] + 1

    @property
    def _days(self) -> tuple[int, int] | None:
        least, greatest = self.answers["least"], self.answers["greatest"]
        is_whole = self.type == "date" and self.answers["finite"] == self.answers["count"]
        if not is_whole or least is None:
            return None
        return int(least // _DAY), int(greatest // _DAY)

    def counted(self) -> Expressions:
        """Of dates a bit for each day."""
        ends = self._days
        if not self.is_counted or ends is None or ends[1] - ends[0] >= WIDEST:
            return super().counted()
        return {"distinct": _bit_count(f"({self.value} - DATE '1970-01-01')::BIGINT", *ends)}

    @property
    def real(self) -> str:
        """Seconds since the epoch, or since midnight."""
        return f"epoch({self.value})::DOUBLE"

    def profile(self, total: int, rows: Relation, *, exact: bool) -> ColumnProfile:
        """Leaves out mean and deviation, which would be meaningless seconds."""
        made = super().profile(total, rows, exact=exact)
        infinite = made.count - self.answers["finite"]
        return replace(made, mean=None, deviation=None, infinite=infinite)

    def _shown(self, values: Sequence[Any], rows: Relation) -> list[ProfileValue]:
        return list(_timestamp_texts(rows.connection, self.type, values))


def _bit_count(value: str, low: int, high: int) -> str:
    """How many integers of a range there are, by a bit each: a tenth of the time of count(DISTINCT)."""
    return f"bit_count(bitstring_agg({value}, {low}::BIGINT, {high}::BIGINT))"


def _timestamp_texts(
    connection: DuckDBPyConnection, type: str, seconds: Sequence[float]
) -> list[str]:
    """ISO 8601 texts in UTC, made by DuckDB, whose years go beyond Python's."""
    is_date = type == "date"
    made = "make_date(part::INTEGER)" if is_date else "make_timestamp(part)"
    whole = [math.floor(one / _DAY) if is_date else round(one * _MICROSECONDS) for one in seconds]
    query = f"SELECT list_transform(?::BIGINT[], lambda part: {made}::VARCHAR)"
    ((texts,),) = connection.execute(query, [whole]).fetchall()
    if type == "time":
        return [text.partition(" ")[2] for text in texts]
    return [text.replace(" ", "T", 1) for text in texts]


def _deviation(squares: float | None, count: int) -> float | None:
    if squares is None or count < 2:
        return None
    deviation = math.sqrt(squares / (count - 1))
    return deviation if math.isfinite(deviation) else None
