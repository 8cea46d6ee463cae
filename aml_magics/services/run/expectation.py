"""What a run is expected to reach: ``accuracy>=0.8``."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import ExpectationError, UsageError, did_you_mean
from aml_magics.services.run.metric import heads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}
_FORM = re.compile(
    r"^\s*(?P<metric>.+?)\s*(?P<sign>>=|<=|==|!=|>|<)\s*(?P<bound>[-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*$"
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A bound on the last value of a metric."""

    metric: str
    sign: str
    bound: float

    def __str__(self) -> str:
        """The form in which users write it."""
        return f"{self.metric}{self.sign}{self.bound:g}"


def parse(text: str) -> Expectation:
    """Read an expectation.

    Raises:
        UsageError: not of the form METRIC SIGN NUMBER.
    """
    found = _FORM.match(text)
    if found is None:
        raise UsageError(
            f"An expectation is METRIC SIGN NUMBER with one of {' '.join(_COMPARE)}, such as 'accuracy>=0.8', not {text!r}."
        )
    try:
        bound = float(found["bound"])
    except ValueError as error:
        raise UsageError(f"{found['bound']!r} in expectation {text!r} is no number.") from error
    return Expectation(found["metric"], found["sign"], bound)


def check(store: Store, record: RunRecord, expectations: Sequence[Expectation]) -> None:
    """Compare the run's metrics with what is expected of them.

    Raises:
        ExpectationError: a bound is not met, or the metric was not logged.
    """
    last = {head.name: head.value for head in heads(store, [record])[record.key]}
    for expected in expectations:
        if expected.metric not in last:
            raise ExpectationError(
                f"Expected {expected}, but the run logged no {expected.metric!r}.{did_you_mean(expected.metric, last)}"
            )
        value = last[expected.metric]
        if not isinstance(value, int | float) or not _COMPARE[expected.sign](value, expected.bound):
            shown = f"{value:.6g}" if isinstance(value, float) else repr(value)
            raise ExpectationError(f"Expected {expected}, but {expected.metric} is {shown}.")
