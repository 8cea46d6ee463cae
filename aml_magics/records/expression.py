"""Conditions over named values: the syntax tree of every filter.

A dataset keeps it as plain JSON, which :func:`read_expression` reads::

    {"op": "column", "name": "age"}                 a column, or a field of a run
    {"op": "value", "value": 40}                    text, number, true, false or null
    {"op": "moment", "value": "2024-05-01T12:00"}   an ISO 8601 timestamp; UTC by default
    {"op": OPERATOR, "args": [EXPRESSION, …]}       with as many as the operator takes:

    eq ne lt le gt ge                               two; comparing with a missing value is never true
    and or                                          two or more conditions
    not                                             one condition
    is_null                                         one
    contains starts_with ends_with like             a text, and the text or pattern to look for; like
                                                    ignores case, ``%`` is any text, ``_`` one character
    in                                              two or more: the first is one of the others
    add sub mul div                                 two numbers
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidDatasetError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Name:
    """A column of a dataset, or a field of a run."""

    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A constant; if typed by a user, with its unquoted text and its position in the filter."""

    value: str | float | bool | None
    text: str = field(default="", compare=False)
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """A timestamp in UTC without a zone."""

    value: datetime


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its operands; if typed by a user, with the text of the comparison."""

    op: str
    args: tuple[Expression, ...]
    text: str = field(default="", compare=False)


Expression = Name | Value | Moment | Operation

COMPARISONS: Final = ("eq", "ne", "lt", "le", "gt", "ge")
TEXTS: Final = ("contains", "starts_with", "ends_with", "like")
ARITHMETIC: Final = ("add", "sub", "mul", "div")
DEPTH: Final = 50
TERMS: Final = 10_000

_COUNTS: Final[dict[str, tuple[int, int]]] = {
    **dict.fromkeys((*COMPARISONS, *TEXTS, *ARITHMETIC), (2, 2)),
    **dict.fromkeys(("and", "or", "in"), (2, TERMS)),
    **dict.fromkeys(("not", "is_null"), (1, 1)),
}


def read_expression(written: object) -> Expression:
    """Parse an expression from JSON.

    Raises:
        InvalidDatasetError: malformed; the message shows the part.
    """
    return _Reader().part(written, 1)


def columns_of(expression: Expression) -> list[str]:
    """The distinct columns in an expression."""
    return list(dict.fromkeys(_columns(expression)))


def _columns(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Name):
        yield expression.name
    if isinstance(expression, Operation):
        for part in expression.args:
            yield from _columns(part)


class _Reader:
    def __init__(self) -> None:
        self.terms = 0

    def part(self, part: object, depth: int) -> Expression:
        self.terms += 1
        if depth > DEPTH or self.terms > TERMS:
            raise InvalidDatasetError(
                f"An expression is nested at most {DEPTH} deep and has at most {TERMS:,} parts; filter in several steps."
            )
        op = part.get("op") if isinstance(part, dict) else None
        if not isinstance(part, dict) or not isinstance(op, str):
            raise InvalidDatasetError(
                f"A part of an expression is written {{'op': …}}, not {part!r:.100}."
            )
        if op in ("column", "value", "moment"):
            return _leaf(op, part)
        if op not in _COUNTS:
            raise InvalidDatasetError(
                f"There is no operator {op!r:.60}.{did_you_mean(op, _COUNTS) or ' There are: ' + ', '.join(_COUNTS) + '.'}"
            )
        arguments = part.get("args")
        fewest, most = _COUNTS[op]
        if not isinstance(arguments, list | tuple) or not fewest <= len(arguments) <= most:
            wanted = str(fewest) if fewest == most else f"{fewest} or more"
            raise InvalidDatasetError(
                f"The operator {op!r} takes {wanted} args, not {arguments!r:.100}."
            )
        return Operation(op, tuple(self.part(one, depth + 1) for one in arguments))


def _leaf(op: str, part: dict[str, Any]) -> Expression:
    if op == "column":
        name = part.get("name")
        if not isinstance(name, str):
            raise InvalidDatasetError(
                f"A column in an expression has a name, and {part!r:.100} has none."
            )
        return Name(name)
    value = part.get("value")
    if "value" not in part or not isinstance(value, str | int | float | bool | None):
        raise InvalidDatasetError(
            f"A value in an expression is text, a number, true, false or null, and {part!r:.100} is none."
        )
    return Value(value) if op == "value" else Moment(moment(value))


def moment(text: object) -> datetime:
    """Parse ISO 8601 to UTC without a zone; InvalidDatasetError if malformed."""
    try:
        found = datetime.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise InvalidDatasetError(
            f"A moment is written as ISO 8601, such as '2024-05-01T12:00' or, with an offset, '2024-05-01T12:00+02:00', not {text!r:.100}."
        ) from error
    return found if found.tzinfo is None else found.astimezone(UTC).replace(tzinfo=None)
