"""Expected results of a run: a filter over its metrics, such as ``accuracy >= 0.8 and loss < 1``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import ExpectationError, InvalidFilterError, UsageError, did_you_mean
from aml_magics.records.expression import Expression, Operation, Value, columns_of
from aml_magics.services.filter.grammar import parse as parse_filter
from aml_magics.services.filter.values import is_true
from aml_magics.services.run.metric import heads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_FIRST: Final = re.compile(r"^([^<>=!`]+?)(?=\s*[<>=!])")
_ORDERED: Final = ("lt", "le", "gt", "ge")


@dataclass(frozen=True, slots=True)
class Expectation:
    """A condition on the last values of metrics."""

    text: str
    condition: Expression

    def __str__(self) -> str:
        """As users write it."""
        return self.text


def parse(text: str) -> Expectation:
    """Parse an expectation; its first metric's name may have blanks: ``val acc > 0.8``.

    Raises:
        UsageError: not of the form METRIC SIGN NUMBER, nor a filter over several.
    """
    text = text.strip()
    try:
        condition = _read(text)
    except InvalidFilterError as error:
        try:
            condition = _read(_FIRST.sub(r"`\1`", text))
        except InvalidFilterError:
            raise UsageError(
                f"An expectation is METRIC SIGN NUMBER, such as 'accuracy>=0.8', or several joined by and, or. {error}"
            ) from error
    _refuse_words(text, condition)
    return Expectation(text, condition)


def check(store: Store, record: RunRecord, expectations: Sequence[Expectation]) -> None:
    """Check a run's metrics; raises ExpectationError if a condition fails or a metric is missing."""
    last = {head.name: head.value for head in heads(store, [record])[record.key]}
    plain = {
        name: value if isinstance(value, str | int | float) else None
        for name, value in last.items()
    }
    for expected in expectations:
        names = columns_of(expected.condition)
        for name in names:
            if name not in last:
                raise ExpectationError(
                    f"Expected {expected}, but the run logged no {name!r}.{did_you_mean(name, last)}"
                )
        if not is_true(expected.condition, plain):
            reached = " and ".join(f"{name} is {_shown(last[name])}" for name in names)
            raise ExpectationError(f"Expected {expected}, but {reached}.")


def _read(text: str) -> Expression:
    return parse_filter(text, str, "metric", "accuracy >= 0.8")


def _refuse_words(text: str, part: Expression) -> None:
    """Refuse ``acc >= high`` now, not after the training."""
    if not isinstance(part, Operation):
        return
    for one in part.args:
        _refuse_words(text, one)
        if part.op in _ORDERED and isinstance(one, Value) and isinstance(one.value, str | bool):
            raise UsageError(f"{one.text!r} in expectation {text!r} is no number.")


def _shown(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
