"""Conditions over the columns of a dataset: ``(ds["age"] > 40) & ds["city"].starts_with("B")``.

Nothing is computed here: an expression is kept as plain JSON (``aml_magics/records/expression.py``).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from aml_magics.errors import InvalidDatasetError


class DatasetExpression:
    """A column, a value computed from columns, or a condition.

    Comparisons and arithmetic give another expression; conditions are joined by ``&``, ``|`` and ``~``, each
    in parentheses.
    """

    def __init__(self, written: dict[str, Any]) -> None:
        self._written = written

    @classmethod
    def column(cls, name: object) -> DatasetExpression:
        """A column.

        Raises:
            InvalidDatasetError: the name is no text.
        """
        if not isinstance(name, str) or not name:
            raise InvalidDatasetError(
                f"A column of a dataset is named by a text, as dataset['age'], not by {name!r:.60}; "
                "dataset.keep_columns([...]) chooses several."
            )
        return cls({"op": "column", "name": name})

    def __eq__(self, other: object) -> DatasetExpression:  # type: ignore[override]
        return self._with("eq", other)

    def __ne__(self, other: object) -> DatasetExpression:  # type: ignore[override]
        return self._with("ne", other)

    def __lt__(self, other: object) -> DatasetExpression:
        return self._with("lt", other)

    def __le__(self, other: object) -> DatasetExpression:
        return self._with("le", other)

    def __gt__(self, other: object) -> DatasetExpression:
        return self._with("gt", other)

    def __ge__(self, other: object) -> DatasetExpression:
        return self._with("ge", other)

    def __and__(self, other: object) -> DatasetExpression:
        return self._with("and", other)

    def __rand__(self, other: object) -> DatasetExpression:
        return _expression(other)._with("and", self)

    def __or__(self, other: object) -> DatasetExpression:
        return self._with("or", other)

    def __ror__(self, other: object) -> DatasetExpression:
        return _expression(other)._with("or", self)

    def __invert__(self) -> DatasetExpression:
        return self._with("not")

    def __add__(self, other: object) -> DatasetExpression:
        return self._with("add", other)

    def __radd__(self, other: object) -> DatasetExpression:
        return _expression(other)._with("add", self)

    def __sub__(self, other: object) -> DatasetExpression:
        return self._with("sub", other)

    def __rsub__(self, other: object) -> DatasetExpression:
        return _expression(other)._with("sub", self)

    def __mul__(self, other: object) -> DatasetExpression:
        return self._with("mul", other)

    def __rmul__(self, other: object) -> DatasetExpression:
        return _expression(other)._with("mul", self)

    def __truediv__(self, other: object) -> DatasetExpression:
        return self._with("div", other)

    def __rtruediv__(self, other: object) -> DatasetExpression:
        return _expression(other)._with("div", self)

    def is_null(self) -> DatasetExpression:
        """Whether the value is missing."""
        return self._with("is_null")

    def is_in(self, values: object) -> DatasetExpression:
        """Whether the value is in a list.

        Raises:
            InvalidDatasetError: no list of values.
        """
        if isinstance(values, str) or not hasattr(values, "__iter__"):
            raise InvalidDatasetError(
                f"is_in takes a list of values, such as ['a', 'b'], not {values!r:.60}; == compares with one."
            )
        return self._with("in", *values)

    def contains(self, text: str) -> DatasetExpression:
        """Whether the text contains another."""
        return self._with("contains", text)

    def starts_with(self, text: str) -> DatasetExpression:
        """Whether the text starts with another."""
        return self._with("starts_with", text)

    def ends_with(self, text: str) -> DatasetExpression:
        """Whether the text ends with another."""
        return self._with("ends_with", text)

    def like(self, pattern: str) -> DatasetExpression:
        """Whether the text matches a pattern: ``%`` stands for any text and ``_`` for one character."""
        return self._with("like", pattern)

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON."""
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
    """An expression as plain JSON.

    Raises:
        InvalidDatasetError: it is none.
    """
    if isinstance(expression, DatasetExpression):
        return expression.as_dict()
    raise InvalidDatasetError(
        "filter takes an expression over the dataset's columns, such as dataset['age'] > 40, "
        f"not {type(expression).__name__} ({expression!r:.60})."
    )


def _expression(value: object) -> DatasetExpression:
    """An expression, or a value as one."""
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
        "A column is compared with a number, a text, True, False, None, a moment or another column, "
        f"not with {type(value).__name__} ({value!r:.60})."
    )
