"""The columns that ``Dataflow.summarize`` computes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError

if TYPE_CHECKING:
    from collections.abc import Iterable


class SummaryFunction(Enum):
    """A function over the values of a column; missing ones are left out."""

    MIN = "min"
    MAX = "max"
    MEAN = "mean"
    MEDIAN = "median"
    VAR = "variance"
    SD = "deviation"
    COUNT = "count"
    SUM = "sum"
    SKEWNESS = "skewness"
    KURTOSIS = "kurtosis"


@dataclass(frozen=True, slots=True)
class SummaryColumnsValue:
    """One column of a summary.

    Args:
        column_id: the column to summarize.
        summary_column_name: the name of the new column; ``age_mean`` if None.
    """

    column_id: str
    summary_function: SummaryFunction
    summary_column_name: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Its form in a definition."""
        function = self.summary_function
        name = self.summary_column_name or f"{self.column_id}_{function.name.lower()}"
        return {"function": function.value, "column": self.column_id, "name": name}


def written_summaries(summaries: Iterable[object] | None) -> list[dict[str, Any]]:
    """Convert summaries to their form in a definition.

    Raises:
        InvalidDatasetError: an entry is not a summary.
    """
    return [_written(one) for one in summaries or ()]


def _written(summary: object) -> dict[str, Any]:
    if not isinstance(summary, SummaryColumnsValue):
        raise InvalidDatasetError(
            "Each of summary_columns is a SummaryColumnsValue(column_id, summary_function), "
            f"not {summary!r:.60}."
        )
    if not isinstance(summary.summary_function, SummaryFunction):
        raise InvalidDatasetError(
            "A summary_function is one of "
            f"{', '.join(one.name for one in SummaryFunction)} of SummaryFunction, "
            f"not {summary.summary_function!r:.60}."
        )
    return summary.as_dict()
