"""Conditions over columns, as plain JSON: what ``filter`` of a dataset keeps.

::

    {"op": "column", "name": "age"}                 a column
    {"op": "value", "value": 40}                    text, number, true, false or null
    {"op": "moment", "value": "2024-05-01T12:00"}   a moment as of ISO 8601; UTC unless it says otherwise
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

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidDatasetError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

Expression = dict[str, Any]

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


def check(expression: object) -> None:
    """See that an expression is of this form.

    Raises:
        InvalidDatasetError: it is not; the message shows the part.
    """
    _Check().part(expression, 1)


def columns_of(expression: Expression) -> list[str]:
    """The columns that an expression speaks of, each once."""
    return list(dict.fromkeys(_columns(expression)))


def _columns(expression: Expression) -> Iterator[str]:
    if expression["op"] == "column":
        yield expression["name"]
    for part in expression.get("args", ()):
        yield from _columns(part)


class _Check:
    def __init__(self) -> None:
        self.terms = 0

    def part(self, part: object, depth: int) -> None:
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
            _check_leaf(op, part)
            return
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
        for argument in arguments:
            self.part(argument, depth + 1)


def _check_leaf(op: str, part: dict[str, Any]) -> None:
    if op == "column":
        if not isinstance(part.get("name"), str):
            raise InvalidDatasetError(
                f"A column in an expression has a name, and {part!r:.100} has none."
            )
        return
    value = part.get("value")
    if "value" not in part or not isinstance(value, str | int | float | bool | None):
        raise InvalidDatasetError(
            f"A value in an expression is text, a number, true, false or null, and {part!r:.100} is none."
        )
    if op == "moment":
        moment(value)


def moment(text: object) -> datetime:
    """The moment of a text as of ISO 8601, in UTC and without a zone.

    Raises:
        InvalidDatasetError: it is none.
    """
    from datetime import UTC

    try:
        found = datetime.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise InvalidDatasetError(
            f"A moment is written as ISO 8601, such as '2024-05-01T12:00', not {text!r:.100}."
        ) from error
    return found if found.tzinfo is None else found.astimezone(UTC).replace(tzinfo=None)
