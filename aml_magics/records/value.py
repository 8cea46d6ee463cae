"""Conversion of user-given values to plain ones for the store."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidArgumentError, InvalidMetricError, described
from aml_magics.records.name import Rule, check_name

if TYPE_CHECKING:
    from aml_magics.records.run import Scalar

_PLAIN = (float, int, str, bool, type(None))


def plain_text(text: object) -> str:
    """Text that every database accepts: without NUL, with lone surrogates replaced."""
    return str(text).replace("\0", "").encode("utf-8", "replace").decode()


def plain_fields(values: Mapping[str, Any], rule: Rule) -> dict[str, Any]:
    """Check names and convert values; values that are not scalars become text.

    Raises:
        InvalidArgumentError: not a dict.
        InvalidNameError: a name that breaks the rule.
    """
    if not isinstance(values, Mapping):
        raise InvalidArgumentError(
            f"Each {rule.kind} has a name and a value: give a dict such as {{'team': 'a'}}, not {described(values)}."
        )
    kept = {}
    for name, value in values.items():
        scalar = as_scalar(value)
        kept[check_name(name, rule)] = plain_text(scalar) if isinstance(scalar, str) else scalar
    if rule.kind in ("tag", "property"):  # as in Azure
        return {
            name: value if value is None or isinstance(value, str) else str(value)
            for name, value in kept.items()
        }
    return kept


def as_scalar(value: Any) -> Scalar:  # noqa: ANN401 -- whatever a user has
    """A plain scalar: numpy, torch and decimal numbers become Python's; other objects their ``repr``."""
    if type(value) in _PLAIN:
        return value  # type: ignore[no-any-return]
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        item = value.item()
        if type(item) is not type(value):  # numpy.longdouble.item() returns another longdouble
            return as_scalar(item)
    if isinstance(value, bool | str):
        return str(value) if isinstance(value, str) else bool(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real) or type(value).__name__ == "Decimal":
        return float(value)
    return repr(value)


def check_metric_value(name: str, value: Any) -> Scalar:  # noqa: ANN401 -- whatever a user has
    """The plain scalar to log; InvalidMetricError for several values."""
    many = (
        isinstance(value, list | tuple | set | dict | range)
        or hasattr(value, "__next__")
        or getattr(value, "shape", ()) != ()
    )
    if many:
        raise InvalidMetricError(
            f"run.log({name!r}, …) takes one value, not a {type(value).__name__}; use log_list for a list, log_row or log_table for columns."
        )
    return as_scalar(value)


def check_list(name: str, values: Any) -> list[Scalar]:  # noqa: ANN401 -- any iterable
    """The plain values of an iterable; InvalidMetricError for anything else."""
    if isinstance(values, str | bytes) or not _is_iterable(values):
        raise InvalidMetricError(
            f"log_list({name!r}, …) takes a list, not {type(values).__name__}; use log for one value."
        )
    kept = []
    for index, value in enumerate(values):
        if isinstance(value, list | tuple | dict | set) or getattr(value, "shape", ()) != ():
            raise InvalidMetricError(
                f"Item {index} of list {name!r} is a {type(value).__name__}; a list holds single values."
            )
        kept.append(as_scalar(value))
    return kept


def _is_iterable(value: object) -> bool:
    # a 0-dimensional array or tensor has __iter__ but is not iterable
    return hasattr(value, "__iter__") and getattr(value, "shape", None) != ()


def check_table(name: str, value: Any) -> dict[str, list[Scalar]]:  # noqa: ANN401 -- whatever a user has
    """The plain columns of a table; each is one value or a list.

    Raises:
        InvalidMetricError: not a mapping, empty, or columns of different lengths.
    """
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        value = value.to_dict(orient="list")
    if not isinstance(value, dict) or not value:
        raise InvalidMetricError(
            f"log_table({name!r}, …) takes a dict of columns such as {{'x': [1, 2], 'y': [3, 4]}}, not {value!r:.60}."
        )
    columns = {
        str(column): check_list(f"{name}.{column}", items)
        if _is_iterable(items) and not isinstance(items, str)
        else [as_scalar(items)]
        for column, items in value.items()
    }
    lengths = {column: len(items) for column, items in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InvalidMetricError(
            f"The columns of table {name!r} differ in length ({', '.join(f'{column}: {length}' for column, length in lengths.items())}); give each the same number of values."
        )
    return columns
