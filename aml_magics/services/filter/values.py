"""Evaluates filters in memory: on file attributes and on a run's metrics."""

from __future__ import annotations

import operator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import ColumnNotFoundError, InvalidDatasetError, did_you_mean
from aml_magics.records.expression import COMPARISONS, TEXTS, Moment, Name, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aml_magics.records.expression import Expression, Operation

# fnmatch does not backtrack, so that many `%` stay fast
_GLOB: Final = str.maketrans({"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"})
_TWO: Final[dict[str, Callable[[Any, Any], Any]]] = {
    **{op: getattr(operator, op) for op in (*COMPARISONS, "add", "sub", "mul")},
    "div": lambda left, right: left / right if right else None,
    "contains": lambda text, part: part in text,
    "starts_with": lambda text, part: text.startswith(part),
    "ends_with": lambda text, part: text.endswith(part),
    "like": lambda text, form: fnmatchcase(text.lower(), form.lower().translate(_GLOB)),
}
_TRUTHS: Final = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}


def is_true(expression: Expression, row: Mapping[str, Any]) -> bool:
    """Whether an expression is true for a row; a missing value makes it unknown, which is not true.

    Args:
        row: values by column; timestamps are seconds since the epoch, or datetimes.

    Raises:
        ColumnNotFoundError: the row lacks a column of the expression.
        InvalidDatasetError: the values are not comparable.
    """
    return _result(expression, row) is True


def _result(part: Expression, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- any value
    if isinstance(part, Name):
        if part.name not in row:
            near = did_you_mean(part.name, row) or f" There are: {', '.join(row)}."
            raise ColumnNotFoundError(f"There is no column {part.name!r:.60}.{near}")
        return row[part.name]
    return part.value if isinstance(part, Value | Moment) else _called(part, row)


def _called(part: Operation, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- any value
    values = [_result(one, row) for one in part.args]
    if part.op in ("and", "or"):
        return _logic(values, decisive=part.op == "or")
    if part.op == "not":
        return None if values[0] is None else not values[0]
    if part.op == "is_null":
        return values[0] is None
    if part.op == "in":
        pairs = zip(values[1:], part.args[1:], strict=True)
        same = [_two("eq", (values[0], value), (part.args[0], one)) for value, one in pairs]
        return _logic(same, decisive=True)
    return _two(part.op, values, part.args)


def _logic(values: list[Any], *, decisive: bool) -> bool | None:
    if any(value is decisive for value in values):
        return decisive
    return None if None in values else not decisive


def _two(op: str, pair: Sequence[Any], parts: Sequence[Expression]) -> Any:  # noqa: ANN401 -- any value
    if None in pair:
        return None
    left, right = (
        str(value) if op in TEXTS else _read(value, beside, part)
        for value, beside, part in zip(pair, reversed(pair), parts, strict=True)
    )
    if None in (left, right):
        return None
    try:
        return _TWO[op](left, right)
    except (TypeError, OverflowError) as error:
        raise InvalidDatasetError(
            f"A filter cannot work out {left!r:.60} {op} {right!r:.60}: {error}."
        ) from error


def _read(value: Any, beside: object, part: Expression) -> Any:  # noqa: ANN401 -- any value
    """Convert a text to the type it is compared with; otherwise it is unknown, or an error if the user typed it."""
    if isinstance(value, str) and isinstance(beside, datetime | bool | int | float):
        try:
            if isinstance(beside, datetime):
                value = datetime.fromisoformat(value)
            else:
                value = _TRUTHS[value.strip().lower()] if isinstance(beside, bool) else float(value)
        except (ValueError, KeyError) as error:
            if isinstance(part, Name):
                return None
            raise InvalidDatasetError(
                f"{value!r:.60} is compared with {beside!r:.60}, and is nothing like it; compare with a value of its type."
            ) from error
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return value
