"""What is asked of a column in each pass over the rows, and the profile that the answers make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.records.profile import ColumnProfile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.services.data.profile.rows import Rows


class Measure:
    """A column of which values are only counted; the base of those that know more.

    The order of calls: :meth:`first` and :meth:`take_first`, :meth:`of_drawn` and
    :meth:`take_drawn`, :meth:`second` and :meth:`profile`.

    Args:
        place: of the column, counted from zero.
        name: of the column.
        type: its type's word.
    """

    counts_distinct = True

    def __init__(self, place: int, name: str, type: str) -> None:
        self.value, self.name, self.type = f"c{place}", name, type
        self.variable = f"profile_{place}"
        self.count = 0
        self.distinct: int | None = None

    @property
    def drawn(self) -> str:
        """What a drawn row keeps of the column."""
        return "NULL"

    def first(self) -> list[str]:
        """The aggregates of the first pass."""
        estimate = f"approx_count_distinct({self.value})" if self.counts_distinct else "NULL"
        return [f"count({self.value})", estimate]

    def take_first(self, told: Sequence[Any]) -> None:
        """Take the answers to :meth:`first`."""
        self.count, self.distinct = told[:2]

    def of_drawn(self, *, is_whole: bool) -> list[str]:
        """The aggregates of the drawn rows; ``is_whole`` says that these are all, with all they have."""
        del is_whole
        return []

    def take_drawn(self, told: Sequence[Any], drawn: Rows, *, is_whole: bool) -> None:
        """Take the answers to :meth:`of_drawn`."""

    def second(self) -> list[str]:
        """The aggregates of the second pass."""
        return []

    def profile(
        self, told: Sequence[Any], total: int, source: Rows, *, exact: bool
    ) -> ColumnProfile:
        """The profile, from the answers to :meth:`second`; ``distinct`` is set before where it was counted."""
        del told, source
        return ColumnProfile(
            self.name,
            self.type,
            self.count,
            total - self.count,
            self.distinct,
            is_exact=exact and self.counts_distinct,
        )


class NestedMeasure(Measure):
    """A list or a struct: counted, nothing else."""

    counts_distinct = False


class TruthMeasure(Measure):
    """True and false."""

    true = 0

    def first(self) -> list[str]:
        """How many are true, besides."""
        return [*super().first(), f"count(*) FILTER ({self.value})"]

    def take_first(self, told: Sequence[Any]) -> None:
        """Of two values both are counted."""
        super().take_first(told)
        self.true = told[2]

    def profile(
        self, told: Sequence[Any], total: int, source: Rows, *, exact: bool
    ) -> ColumnProfile:
        """With both counts and the share that is true."""
        del told, source, exact
        counts = {True: self.true, False: self.count - self.true}
        there = [(value, count) for value, count in counts.items() if count]
        return ColumnProfile(
            self.name,
            self.type,
            self.count,
            total - self.count,
            len(there),
            is_exact=True,
            low=min((value for value, _ in there), default=None),
            high=max((value for value, _ in there), default=None),
            mean=self.true / self.count if self.count else None,
            top=tuple(sorted(there, key=lambda pair: -pair[1])),
        )
