"""The profile of numbers and moments: range, mean, deviation, quantiles and a histogram."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.profile import SHARES, Histogram
from aml_magics.services.data.profile import bins as profile_bins
from aml_magics.services.data.profile.measure import Measure
from aml_magics.services.data.profile.timestamp import moment_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.profile import ColumnProfile, ProfileValue
    from aml_magics.services.data.profile.rows import Rows

_FEW: Final = 64
"""Of so few different numbers each has a bin of its own, which makes quantiles exact."""


class RealMeasure(Measure):
    """Values on a line; of those that are infinite or NaN only their number is known."""

    is_integer = False

    def __init__(self, place: int, name: str, type: str) -> None:
        super().__init__(place, name, type)
        self.least: float | None = None
        self.greatest: float | None = None
        self.mean: float | None = None
        self.finite = 0
        self.edges: list[float] = []
        self.exact_quantiles: list[Any] | None = None

    @property
    def real(self) -> str:
        """The finite values as doubles."""
        return f"{self.value}::DOUBLE"

    @property
    def drawn(self) -> str:
        """The double."""
        return self.real

    def first(self) -> list[str]:
        """The range and the mean of what is finite."""
        real = self.real
        return [*super().first(), f"min({real})", f"max({real})", f"avg({real})", f"count({real})"]

    def take_first(self, told: Sequence[Any]) -> None:
        """Take range and mean, and cut the range into bins."""
        super().take_first(told)
        self.least, self.greatest, mean, self.finite = told[2:6]
        self.mean = mean if mean is None or math.isfinite(mean) else None
        if self.least is not None and self.greatest is not None:
            self.edges = profile_bins.histogram_edges(
                self.least, self.greatest, is_whole=self.is_integer
            )

    def of_drawn(self, *, is_whole: bool) -> list[str]:
        """Quantiles of the drawn rows, and their values where they are few."""
        if not self.edges:
            return []
        if is_whole:
            return [f"quantile_disc({self.real}, {list(SHARES)!r})"]
        shares = profile_bins.bracket_shares(min(self.finite, 20_000))
        few = self.distinct is not None and self.distinct <= _FEW
        return [
            f"quantile_disc({self.value}, {sorted(shares)!r})",
            f"list(DISTINCT {self.value})" if few else "NULL",
        ]

    def take_drawn(self, told: Sequence[Any], drawn: Rows, *, is_whole: bool) -> None:
        """Decide where the second pass counts."""
        if not self.edges:
            return
        bounds = {*self.edges[1:], self.least, self.greatest}
        if is_whole:
            self.exact_quantiles = told[0]
        else:
            bounds |= {*profile_bins.bracket_bounds(told[0] or []), *(told[1] or [])}
        drawn.remember(self.variable, sorted(one for one in bounds if one is not None))

    def second(self) -> list[str]:
        """The counts of the bins, and the squares around the mean."""
        if not self.edges:
            return []
        counts = f"histogram({self.real}, getvariable('{self.variable}')::DOUBLE[])"
        mean = "NULL" if self.mean is None else f"'{self.mean!r}'::DOUBLE"
        return [counts, f"sum(({self.real} - {mean}) * ({self.real} - {mean}))"]

    def profile(
        self, told: Sequence[Any], total: int, source: Rows, *, exact: bool
    ) -> ColumnProfile:
        """With all that is known of values on a line."""
        plain = super().profile((), total, source, exact=exact)
        if not told or self.least is None:
            return plain
        counted = {bound: count for bound, count in told[0].items() if math.isfinite(bound)}
        found = self.exact_quantiles
        if found is None:
            pairs = profile_bins.quantiles(self.least, counted, is_whole=self.is_integer)
            found = [value for _, value in pairs]
        low, high, *quantiles = self._shown(source, [self.least, self.greatest, *found])
        return replace(
            plain,
            low=low,
            high=high,
            mean=self.mean,
            deviation=_deviation(told[1], self.finite),
            quantiles=tuple(zip(SHARES, quantiles, strict=True)),
            histogram=Histogram(tuple(self.edges), profile_bins.bin_counts(self.edges, counted)),
        )

    def _shown(self, source: Rows, values: Sequence[Any]) -> list[ProfileValue]:
        del source
        return list(values)


class IntegerMeasure(RealMeasure):
    """Whole numbers, however large."""

    is_integer = True

    def first(self) -> list[str]:
        """The range, to the last digit."""
        return [*super().first(), f"min({self.value})", f"max({self.value})"]

    def take_first(self, told: Sequence[Any]) -> None:
        """Take the range."""
        super().take_first(told)
        self.low, self.high = told[6:]

    def _shown(self, source: Rows, values: Sequence[Any]) -> list[ProfileValue]:
        del source
        inner = [max(self.low, min(self.high, round(value))) for value in values[2:]]
        return [self.low, self.high, *inner]


class DecimalMeasure(RealMeasure):
    """Floating numbers, with NaN and infinity among them, and decimal ones."""

    @property
    def real(self) -> str:
        """The finite values."""
        return f"(CASE WHEN isfinite({self.value}::DOUBLE) THEN {self.value}::DOUBLE END)"

    def first(self) -> list[str]:
        """What is not finite, besides."""
        value = f"{self.value}::DOUBLE"
        odd = (f"isnan({value})", f"{value} = 'inf'::DOUBLE", f"{value} = '-inf'::DOUBLE")
        return [*super().first(), *(f"count(*) FILTER ({one})" for one in odd)]

    def take_first(self, told: Sequence[Any]) -> None:
        """Take how many are not finite."""
        super().take_first(told)
        self.nan, self.above, self.below = told[6:]

    def profile(
        self, told: Sequence[Any], total: int, source: Rows, *, exact: bool
    ) -> ColumnProfile:
        """With infinite ends where there are such values."""
        made = super().profile(told, total, source, exact=exact)
        low = -math.inf if self.below else made.low
        high = math.inf if self.above else made.high
        return replace(
            made,
            low=math.inf if low is None and self.above else low,
            high=-math.inf if high is None and self.below else high,
            nan=self.nan,
            infinite=self.above + self.below,
        )


class MomentMeasure(RealMeasure):
    """Moments, days, and times of a day: seconds on a line."""

    @property
    def real(self) -> str:
        """Seconds since the epoch."""
        return f"epoch({self.value})::DOUBLE"

    def profile(
        self, told: Sequence[Any], total: int, source: Rows, *, exact: bool
    ) -> ColumnProfile:
        """A mean of moments is a number of seconds that says nothing: it and the deviation are left out."""
        made = super().profile(told, total, source, exact=exact)
        return replace(made, mean=None, deviation=None, infinite=self.count - self.finite)

    def _shown(self, source: Rows, values: Sequence[Any]) -> list[ProfileValue]:
        return list(moment_texts(source.connection, self.type, values))


def _deviation(squares: float | None, count: int) -> float | None:
    if squares is None or count < 2:
        return None
    deviation = math.sqrt(squares / (count - 1))
    return deviation if math.isfinite(deviation) else None
