"""The result of ``get_profile()``: statistics of each column, under Azure's names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aml_magics.errors import ColumnNotFoundError, did_you_mean
from aml_magics.views.data.static_column import data_profile_page

if TYPE_CHECKING:
    import pandas as pd

    from aml_magics.records.data.profile import ColumnProfile as ColumnRecord
    from aml_magics.records.data.profile import Profile, ProfileValue


@dataclass(frozen=True, slots=True)
class ValueCountEntry:
    """A value, and the number of rows that have it."""

    value: ProfileValue
    count: int


@dataclass(frozen=True, slots=True)
class HistogramBucket:
    """The number of values between two bounds; for timestamps in seconds since the epoch, UTC."""

    lower_bound: float
    upper_bound: float
    count: int


class ColumnProfile:
    """The statistics of a column; None or empty if they make no sense for its type."""

    def __init__(self, record: ColumnRecord) -> None:
        self._record = record

    @property
    def name(self) -> str:
        """The column's name."""
        return self._record.name

    column_name = name

    @property
    def type(self) -> str:
        """``string``, ``integer``, ``decimal``, ``boolean``, ``datetime``, ``date``, ``time`` and so on."""
        return self._record.type

    @property
    def min(self) -> ProfileValue:
        """The smallest value; timestamps are ISO 8601 text."""
        return self._record.low

    @property
    def max(self) -> ProfileValue:
        """The largest value."""
        return self._record.high

    @property
    def count(self) -> int:
        """The number of rows, including missing values."""
        return self._record.count + self._record.missing

    @property
    def missing_count(self) -> int:
        """The number of rows without a value."""
        return self._record.missing

    @property
    def not_missing_count(self) -> int:
        """The number of rows with a value."""
        return self._record.count

    @property
    def percent_missing(self) -> float:
        """The share of rows without a value, from 0 to 1."""
        return self._record.missing / self.count if self.count else 0.0

    @property
    def error_count(self) -> int:
        """Always 0: a value that does not fit its column's type counts as missing."""
        return 0

    @property
    def unique_values(self) -> int | None:
        """The number of different values; estimated unless :attr:`is_exact`."""
        return self._record.distinct

    @property
    def is_exact(self) -> bool:
        """Whether :attr:`unique_values`, the quantiles and :attr:`value_counts` were counted, not estimated."""
        return self._record.is_exact

    @property
    def mean(self) -> float | None:
        """The mean of the finite values."""
        return self._record.mean

    @property
    def std(self) -> float | None:
        """The standard deviation of a sample."""
        return self._record.deviation

    @property
    def variance(self) -> float | None:
        """The square of :attr:`std`."""
        return None if self._record.deviation is None else self._record.deviation**2

    @property
    def quantiles(self) -> dict[float, ProfileValue]:
        """Quantiles by share: ``quantiles[0.95]``."""
        return dict(self._record.quantiles)

    @property
    def lower_quartile(self) -> ProfileValue:
        """The 25 % quantile."""
        return self.quantiles.get(0.25)

    @property
    def median(self) -> ProfileValue:
        """The 50 % quantile."""
        return self.quantiles.get(0.5)

    @property
    def upper_quartile(self) -> ProfileValue:
        """The 75 % quantile."""
        return self.quantiles.get(0.75)

    @property
    def value_counts(self) -> list[ValueCountEntry]:
        """The most frequent values of a column of text or truth values."""
        return [ValueCountEntry(value, count) for value, count in self._record.top]

    @property
    def histogram(self) -> list[HistogramBucket]:
        """For numbers and timestamps: 20 buckets of equal width."""
        if self._record.histogram is None:
            return []
        edges, counts = self._record.histogram.edges, self._record.histogram.counts
        bounds = zip(edges, edges[1:], counts, strict=False)
        return [HistogramBucket(low, high, count) for low, high, count in bounds]

    def __repr__(self) -> str:
        return (
            f"ColumnProfile(name={self.name!r}, type={self.type!r}, min={self.min!r}, max={self.max!r}, "
            f"count={self.count}, missing_count={self.missing_count})"
        )


class ColumnProfiles(dict[str, ColumnProfile]):
    """The columns of a profile by name, in order."""

    def __missing__(self, name: object) -> ColumnProfile:
        near = did_you_mean(str(name), self)
        shown = ", ".join(list(self)[:10])
        more = ", …" if len(self) > 10 else ""
        raise ColumnNotFoundError(
            f"The profile has no column {name!r:.80}.{near} It has: {shown}{more}."
        )


class DataProfile:
    """The statistics of all columns; shown as a table."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    @property
    def columns(self) -> ColumnProfiles:
        """The columns by name: ``profile.columns["age"].min``."""
        return ColumnProfiles({one.name: ColumnProfile(one) for one in self._profile.columns})

    @property
    def row_count(self) -> int:
        """The number of rows."""
        return self._profile.rows

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return self._profile.rows, len(self._profile.columns)

    def __getitem__(self, name: str) -> ColumnProfile:
        return self.columns[name]

    def to_pandas_dataframe(self) -> pd.DataFrame:
        """One row for each column of the data, with its name as the index."""
        import pandas as pd

        rows = {name: _row(one) for name, one in self.columns.items()}
        return pd.DataFrame.from_dict(rows, orient="index")

    def __repr__(self) -> str:
        return data_profile_page(self._profile).text

    def _repr_html_(self) -> str:
        return data_profile_page(self._profile).html


def _row(column: ColumnProfile) -> dict[str, Any]:
    quantiles = {f"{share:.0%} Quantile": value for share, value in column.quantiles.items()}
    return {
        "Type": column.type,
        "Min": column.min,
        "Max": column.max,
        "Count": column.count,
        "Missing Count": column.missing_count,
        "Not Missing Count": column.not_missing_count,
        "Percent missing": column.percent_missing,
        "Error Count": column.error_count,
        "Unique Values": column.unique_values,
        **quantiles,
        "Mean": column.mean,
        "Standard Deviation": column.std,
        "Variance": column.variance,
    }
