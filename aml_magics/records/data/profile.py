"""A profile: column statistics of a dataset."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

ProfileValue = float | int | str | bool | None
"""A cell of a profile: timestamps are ISO 8601 text, decimals are floats."""

SHARES: Final = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
BINS: Final = 20
TOP: Final = 10
NEARLY: Final = 0.8
"""An estimate of distinct values below this share of all is none of a column whose values are unique."""

_LARGEST_EXACT: Final = 2**53 - 1
_SPECIAL: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_NUMBERS: Final = frozenset({"integer", "decimal"})


@dataclass(frozen=True, slots=True)
class Histogram:
    """Value counts per bin; the last bin includes its upper edge.

    Args:
        edges: n + 1 ascending numbers; of timestamps and dates seconds since the epoch, UTC, of times of
            day seconds since midnight.
        counts: n integers.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """The profile of one column.

    Args:
        type: ``string``, ``integer``, ``decimal``, ``boolean``, ``datetime``, ``date``, ``time``,
            ``binary``, ``list`` or ``struct``.
        count: number of values, NaN and infinite ones included.
        missing: number of nulls.
        distinct: number of distinct values; None if not counted.
        is_exact: whether ``distinct`` was counted, not estimated.
        low: the minimum without NaN.
        high: the maximum.
        mean: of the finite values; of booleans the share of true.
        deviation: sample standard deviation of the finite values.
        quantiles: pairs of share and quantile, estimated unless ``is_exact``.
        histogram: of numbers and timestamps.
        top: the most frequent values of a text or boolean column, with counts.
        zone: the time zone that timestamps are shown in; all of them are kept in UTC.
    """

    name: str
    type: str
    count: int
    missing: int
    distinct: int | None = None
    is_exact: bool = False
    low: ProfileValue = None
    high: ProfileValue = None
    mean: float | None = None
    deviation: float | None = None
    quantiles: tuple[tuple[float, ProfileValue], ...] = ()
    histogram: Histogram | None = None
    top: tuple[tuple[ProfileValue, int], ...] = ()
    nan: int = 0
    infinite: int = 0
    zone: str = ""

    @property
    def is_unique(self) -> bool | None:
        """Whether no two values are the same; None where an estimate cannot tell."""
        if self.distinct is None or not self.count:
            return None
        if self.is_exact:
            return self.distinct == self.count
        return False if self.distinct < NEARLY * self.count else None


@dataclass(frozen=True, slots=True)
class Profile:
    """The profiles of all columns; ``notices`` are user-readable notes on what was not profiled.

    ``width`` is the number of columns, including those that were not profiled.
    """

    rows: int
    columns: tuple[ColumnProfile, ...]
    is_exact: bool = False
    notices: tuple[str, ...] = ()
    width: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As strict JSON: NaN, infinite and very large numbers are text."""
        return {
            "rows": self.rows,
            "width": self.width,
            "is_exact": self.is_exact,
            "notices": list(self.notices),
            "columns": [_column_json(column) for column in self.columns],
        }

    @classmethod
    def of_dict(cls, written: dict[str, Any]) -> Profile:
        """Rebuild from :meth:`as_dict`."""
        columns = tuple(_column_of(column) for column in written["columns"])
        notices = tuple(written["notices"])
        return cls(written["rows"], columns, written["is_exact"], notices, written["width"])


def _column_json(column: ColumnProfile) -> dict[str, Any]:
    """Empty fields are omitted: of 100,000 columns most have few."""
    histogram = column.histogram
    found = {
        "distinct": column.distinct,
        "is_exact": column.is_exact or None,
        "low": _json(column.low),
        "high": _json(column.high),
        "mean": _json(column.mean),
        "deviation": _json(column.deviation),
        "quantiles": [[share, _json(value)] for share, value in column.quantiles] or None,
        "histogram": None
        if histogram is None
        else {"edges": list(histogram.edges), "counts": list(histogram.counts)},
        "top": [[_json(value), count] for value, count in column.top] or None,
        "nan": column.nan or None,
        "infinite": column.infinite or None,
        "zone": column.zone or None,
    }
    always = {
        "name": column.name,
        "type": column.type,
        "count": column.count,
        "missing": column.missing,
    }
    return {**always, **{name: value for name, value in found.items() if value is not None}}


def _column_of(written: dict[str, Any]) -> ColumnProfile:
    read = _number if written["type"] in _NUMBERS else _as_is
    histogram = written.get("histogram")
    bins = histogram and Histogram(tuple(histogram["edges"]), tuple(histogram["counts"]))
    quantiles = tuple((share, read(value)) for share, value in written.get("quantiles", ()))
    return ColumnProfile(
        **{
            **written,
            "low": read(written.get("low")),
            "high": read(written.get("high")),
            "mean": _number(written.get("mean")),
            "deviation": _number(written.get("deviation")),
            "quantiles": quantiles,
            "histogram": bins,
            "top": tuple((value, count) for value, count in written.get("top", ())),
        }
    )


def _json(value: ProfileValue) -> ProfileValue:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= _LARGEST_EXACT else str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _number(value: Any) -> Any:  # noqa: ANN401 -- a number or None
    if not isinstance(value, str):
        return value
    return _SPECIAL[value] if value in _SPECIAL else int(value)


def _as_is(value: Any) -> Any:  # noqa: ANN401 -- a scalar
    return value
