"""The SQL aggregates of each column type in each pass over the rows, and the profile made of their results.

A measure names SQL expressions and finds the results under the same names in ``answers``:

1. ``first`` runs over all rows, while a sample is drawn;
2. ``of_sample`` runs over the sample; ``prepare`` then sets the bins to count in the second pass;
3. ``second`` runs over all rows again, and ``profile`` reads the results.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.data.profile import NEARLY, TOP, ColumnProfile

if TYPE_CHECKING:
    from aml_magics.services.data.profile.relation import Relation

LONGEST: Final = 300
"""Texts with the same prefix of this length count as one among the most frequent."""

_CANDIDATES: Final = 10 * TOP
_OFTEN: Final = 4
"""A value in this many sampled rows is a candidate for the most frequent."""

FEW: Final = 1_000
"""Up to so many distinct values, as estimated, are counted always."""

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

    def __init__(self, place: int, name: str, type: str) -> None:
        self.value, self.name, self.type = f"c{place}", name, type
        self.variable = f"profile_{place}"
        self.answers: dict[str, Any] = {}

    @property
    def span(self) -> int | None:
        """Of integers and days, how many there are from the least to the greatest; None for others."""
        return None

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
        is_short = self.answers["distinct"] <= FEW
        found = self._most_frequent(sample, self.value, 2 * FEW if is_short else _CANDIDATES)
        self.candidates = [text for text, count in found if is_short or count >= _OFTEN]
        if self.candidates:
            sample.set_variable(self.variable, [text for text in self.candidates if text])

    @property
    def is_complete(self) -> bool:
        """Whether the candidates, counted in all rows, are all the values that there are."""
        is_whole = (self.answers["longest"] or 0) <= LONGEST  # else candidates are prefixes
        return is_whole and sum(self.counts.values()) == self.answers["count"]

    def counted(self) -> Expressions:
        """Of many texts the hashes, which take less memory: where all of them differ, so do the texts."""
        if self.is_counted and self.may_be_unique and self.answers["distinct"] > FEW:
            hashed = f"CASE WHEN {self.value} IS NOT NULL THEN hash({self.value}) END"
            return {"distinct": f"count(DISTINCT {hashed})", "is_hashed": "true"}
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
