"""Metrics: series of values with a step and a time."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class MetricKind(StrEnum):
    """How a metric was logged, which decides how it reads back and how it is drawn."""

    SCALAR = "scalar"
    LIST = "list"
    ROW = "row"
    TABLE = "table"
    IMAGE = "image"
    CONFUSION_MATRIX = "confusion_matrix"
    ACCURACY_TABLE = "accuracy_table"
    RESIDUALS = "residuals"
    PREDICTIONS = "predictions"


ARTIFACT_KINDS = frozenset(
    {
        MetricKind.IMAGE,
        MetricKind.CONFUSION_MATRIX,
        MetricKind.ACCURACY_TABLE,
        MetricKind.RESIDUALS,
        MetricKind.PREDICTIONS,
    }
)
"""Kinds whose value is a :class:`LoggedFile`."""


@dataclass(frozen=True, slots=True)
class LoggedFile:
    """The value of an image or a chart: the address of its file, and the user's description."""

    address: str
    description: str = ""

    @property
    def value(self) -> str | dict[str, str]:
        """The logged form; without a description the bare address, as in Azure ML."""
        if not self.description:
            return self.address
        return {"address": self.address, "description": self.description}

    @classmethod
    def of(cls, value: object) -> LoggedFile | None:
        """The file in a logged value, or None."""
        if isinstance(value, str):
            return cls(value)
        if isinstance(value, dict) and isinstance(value.get("address"), str):
            return cls(value["address"], str(value.get("description", "")))
        return None


USAGE = "system/"
"""Name prefix of the metrics of a script's resource usage."""


@dataclass(frozen=True, slots=True)
class MetricHead:
    """The summary of a series in the catalogue.

    ``last``, ``low`` and ``high`` are None if no point is a finite number; ``text`` is the JSON of the last
    value if ``last`` does not represent it (text, NaN, a list, a huge integer).
    """

    name: str
    kind: MetricKind
    count: int
    last: float | None
    low: float | None
    high: float | None
    step: int
    time: float
    text: str | None = None

    @property
    def is_result(self) -> bool:
        """Whether it is a number logged by the run's own code, for a table of runs."""
        return self.kind is MetricKind.SCALAR and not self.name.startswith(USAGE)

    @property
    def value(self) -> Any:  # noqa: ANN401 -- a metric's value is any JSON value
        """The last value as logged; for an image or a chart its address."""
        if self.text is None:
            return self.last
        logged = self.file
        return json.loads(self.text) if logged is None else logged.address

    @property
    def file(self) -> LoggedFile | None:
        """The last logged image or chart, or None."""
        if self.kind not in ARTIFACT_KINDS or self.text is None:
            return None
        return LoggedFile.of(json.loads(self.text))


@dataclass(frozen=True, slots=True)
class Series:
    """All points of one metric, in logging order.

    ``steps`` is int64 of shape (n,), ``times`` float64 of shape (n,) in seconds since the epoch.
    ``values`` is float64 or int64 of shape (n,), else a list of n JSON values.
    """

    name: str
    kind: MetricKind
    steps: npt.NDArray[np.int64]
    values: npt.NDArray[Any] | list[Any]
    times: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.steps)

    def since(self, known: int) -> Series:
        """The points after the first ``known``."""
        return Series(
            self.name, self.kind, self.steps[known:], self.values[known:], self.times[known:]
        )

    def at(self, places: list[int] | npt.NDArray[np.int64]) -> Series:
        """The points at these positions."""
        values = self.values
        picked = [values[place] for place in places] if isinstance(values, list) else values[places]
        return Series(self.name, self.kind, self.steps[places], picked, self.times[places])

    def plain(self) -> list[Any]:
        """The values as plain Python objects, floats where any value is a float."""
        if isinstance(self.values, list):
            return self.values
        found: list[Any] = self.values.tolist()
        return found


def is_finite_number(value: object) -> bool:
    """Whether the value is a finite real number that fits a double."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an int beyond the range of a double
        return False
