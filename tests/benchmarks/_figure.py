"""A measured number, what it is a number of, and what it must not exceed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One result of a benchmark.

    Attributes:
        value: the median of several repetitions, unless its name says otherwise.
        unit: what it is counted in.
        at_most: what it must reach; None where it is only told.
    """

    value: float
    unit: str
    at_most: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether it reaches its target; None where it has none."""
        return None if self.at_most is None else self.value <= self.at_most

    def plain(self) -> dict[str, Any]:
        """The figure as JSON."""
        return {
            "value": self.value,
            "unit": self.unit,
            "at_most": self.at_most,
            "is_met": self.is_met,
        }


Figures = dict[str, Figure]
