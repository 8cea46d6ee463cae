"""Filters of files: an expression over what is known of a file, worked out here and never executed."""

from __future__ import annotations

import operator
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import ColumnNotFoundError, InvalidDatasetError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

_TWO: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "contains": lambda text, part: part in text,
    "starts_with": lambda text, part: text.startswith(part),
    "ends_with": lambda text, part: text.endswith(part),
    "like": lambda text, form: _like(form).fullmatch(text) is not None,
}


def is_true(expression: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether an expression holds of a row; what is missing makes it unknown, which is not true.

    Args:
        expression: as ``records/expression.py`` says, plain JSON.
        row: values by column; moments are seconds since the epoch, or datetimes.

    Raises:
        ColumnNotFoundError: it asks for a column that the row does not have.
        InvalidDatasetError: it compares what cannot be compared, or is not an expression.
    """
    return _worked_out(expression, row) is True


def _worked_out(expression: dict[str, Any], row: dict[str, Any]) -> Any:  # noqa: ANN401 -- any JSON value
    op = expression.get("op")
    if op == "column":
        return _column(expression["name"], row)
    if op == "value":
        return expression["value"]
    if op == "moment":
        return datetime.fromisoformat(expression["value"])
    return _called(op, [_worked_out(each, row) for each in expression.get("args", ())])


def _called(op: object, values: list[Any]) -> Any:  # noqa: ANN401 -- any JSON value
    if isinstance(op, str) and op in _TWO and len(values) == 2:
        return _two(op, *values)
    if isinstance(op, str) and op in _MANY and values:
        return _MANY[op](values)
    raise InvalidDatasetError(f"A filter of files has no operator {op!r:.60} of {len(values)}.")


def _column(name: str, row: dict[str, Any]) -> Any:  # noqa: ANN401 -- any value of a column
    if name not in row:
        near = did_you_mean(name, row) or f" There are: {', '.join(row)}."
        raise ColumnNotFoundError(f"Files have no column {name!r:.60}.{near}")
    return row[name]


def _logic(values: list[Any], *, decisive: bool) -> bool | None:
    if any(value is decisive for value in values):
        return decisive
    return None if None in values else not decisive


def _two(op: str, left: Any, right: Any) -> Any:  # noqa: ANN401 -- any JSON value
    if left is None or right is None:
        return None
    if isinstance(left, datetime) or isinstance(right, datetime):
        left, right = _as_seconds(left), _as_seconds(right)
    try:
        return _TWO[op](left, right)
    except (TypeError, AttributeError, ZeroDivisionError) as error:
        raise InvalidDatasetError(
            f"A filter of files cannot work out {left!r:.60} {op} {right!r:.60}: {error}."
        ) from error


def _as_seconds(value: Any) -> Any:  # noqa: ANN401 -- any JSON value
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return value


def _like(form: str) -> re.Pattern[str]:
    """SQL's ``like``: ``%`` for any text, ``_`` for one letter."""
    parts = (".*" if sign == "%" else "." if sign == "_" else re.escape(sign) for sign in form)
    return re.compile("".join(parts), re.DOTALL)


_MANY: Final[dict[str, Callable[[list[Any]], bool | None]]] = {
    "and": lambda values: _logic(values, decisive=False),
    "or": lambda values: _logic(values, decisive=True),
    "not": lambda values: None if values[0] is None else not values[0],
    "is_null": lambda values: values[0] is None,
    "in": lambda values: _logic([_two("eq", values[0], one) for one in values[1:]], decisive=True),
}
