"""Conditions over the columns of a dataset: ``(ds["age"] > 40) & ds["city"].starts_with("B")``.

Nothing is computed here: an expression is plain JSON (``aml_magics/records/expression.py``).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError

if TYPE_CHECKING:
    from collections.abc import Callable


def _operator(
    op: str, *, is_reflected: bool = False
) -> Callable[[DatasetExpression, object], DatasetExpression]:
    """Make the method of a Python operator; a reflected one has the expression on its right."""

    def method(self: DatasetExpression, other: object) -> DatasetExpression:
        left, right = (_expression(other), self) if is_reflected else (self, other)
        return left._with(op, right)

    return method


class DatasetExpression:
    """A column, a value computed from columns, or a condition.

    Comparisons and arithmetic return another expression; ``&``, ``|`` and ``~`` combine conditions, each
    in parentheses.
    """

    def __init__(self, written: dict[str, Any]) -> None:
        self._written = written

    @classmethod
    def column(cls, name: object) -> DatasetExpression:
        """The expression for a column.

        Raises:
            InvalidDatasetError: the name is not text.
        """
        if not isinstance(name, str) or not name:
            raise InvalidDatasetError(
                f"A column of a dataset is named by a text, as dataset['age'], not by {name!r:.60}; "
                "dataset.keep_columns([...]) chooses several."
            )
        return cls({"op": "column", "name": name})

    __eq__ = _operator("eq")  # type: ignore[assignment]
    __ne__ = _operator("ne")  # type: ignore[assignment]
    __lt__ = _operator("lt")
    __le__ = _operator("le")
    __gt__ = _operator("gt")
    __ge__ = _operator("ge")
    __and__ = _operator("and")
    __rand__ = _operator("and", is_reflected=True)
    __or__ = _operator("or")
    __ror__ = _operator("or", is_reflected=True)
    __add__ = _operator("add")
    __radd__ = _operator("add", is_reflected=True)
    __sub__ = _operator("sub")
    __rsub__ = _operator("sub", is_reflected=True)
    __mul__ = _operator("mul")
    __rmul__ = _operator("mul", is_reflected=True)
    __truediv__ = _operator("div")
    __rtruediv__ = _operator("div", is_reflected=True)

    def __invert__(self) -> DatasetExpression:
        return self._with("not")

    def is_null(self) -> DatasetExpression:
        """Whether the value is missing."""
        return self._with("is_null")

    def is_in(self, values: object) -> DatasetExpression:
        """Whether the value is in a list.

        Raises:
            InvalidDatasetError: ``values`` is not a list of values.
        """
        if isinstance(values, str) or not hasattr(values, "__iter__"):
            raise InvalidDatasetError(
                f"is_in takes a list of values, such as ['a', 'b'], not {values!r:.60}; == compares with one."
            )
        return self._with("in", *values)

    def contains(self, text: str) -> DatasetExpression:
        """Whether the value contains a text."""
        return self._with("contains", text)

    def starts_with(self, text: str) -> DatasetExpression:
        """Whether the value starts with a text."""
        return self._with("starts_with", text)

    def ends_with(self, text: str) -> DatasetExpression:
        """Whether the value ends with a text."""
        return self._with("ends_with", text)

    def like(self, pattern: str) -> DatasetExpression:
        """Whether the value matches a pattern: ``%`` is any text, ``_`` one character."""
        return self._with("like", pattern)

    def as_dict(self) -> dict[str, Any]:
        """The expression as plain JSON."""
        return self._written

    # Python calls this for `and`, `or`, `not` and chained comparisons, whose result would be wrong.
    def __bool__(self) -> bool:
        raise InvalidDatasetError(
            "A condition over columns is neither true nor false by itself: join several by & | ~ with each in "
            "parentheses, as (ds['a'] > 1) & (ds['b'] < 2), not by and, or, not."
        )

    def __hash__(self) -> int:
        return hash(repr(self._written))

    def __repr__(self) -> str:
        return f"DatasetExpression({self._written!r})"

    def _with(self, op: str, *others: object) -> DatasetExpression:
        args = [self._written, *(_expression(one)._written for one in others)]
        return DatasetExpression({"op": op, "args": args})


def written_expression(expression: object) -> dict[str, Any]:
    """Return an expression as plain JSON.

    Raises:
        InvalidDatasetError: it is not an expression.
    """
    if isinstance(expression, DatasetExpression):
        return expression.as_dict()
    raise InvalidDatasetError(
        "filter takes an expression over the dataset's columns, such as dataset['age'] > 40, "
        f"not {type(expression).__name__} ({expression!r:.60})."
    )


def _expression(value: object) -> DatasetExpression:
    """Wrap a plain value as an expression."""
    if isinstance(value, DatasetExpression):
        return value
    if type(value).__name__ == "datetime64":  # numpy's, whose item may be a count of nanoseconds
        return DatasetExpression({"op": "moment", "value": str(value)})
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        value = value.item()  # numpy's scalars
    if isinstance(value, dt.date):  # a datetime is one, too
        return DatasetExpression({"op": "moment", "value": value.isoformat()})
    if hasattr(value, "__index__") and not isinstance(value, bool):
        value = int(value.__index__())
    if value is None or isinstance(value, bool | int | float | str):
        return DatasetExpression({"op": "value", "value": value})
    raise InvalidDatasetError(
        "A column is compared with a number, a text, True, False, None, a datetime or another column, "
        f"not with {type(value).__name__} ({value!r:.60})."
    )
