"""Replacement of missing values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError
from aml_magics.kinds._sql import Sql, bound, name, sql
from aml_magics.kinds.transforms._base import NULLABLE, Transform, columns_named
from aml_magics.records.expression import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows
    from aml_magics.records.data.column import Column


class FillNulls(Transform):
    """Puts ``value`` into ``columns``; without them, into all columns that can hold it.

    A fraction turns a column of integers into decimals. NaN counts as missing.
    """

    required = {"value": (str, int, float, bool)}
    optional = {"columns": (list, tuple, NULLABLE)}

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """All rows."""
        value, named = arguments["value"], arguments.get("columns")
        chosen = set(rows.columns if named is None else columns_named(rows, named))
        values, made = [], []
        for column in rows.columns:
            filled = (
                _filled(column, value) if column in chosen else (name(column.name), column.type)
            )
            if filled is None and named is not None:
                raise InvalidDatasetError(
                    f"The column {column.name!r:.100} is of type {column.type} and cannot hold {value!r:.60}; "
                    "fill it with a value of its type, or convert it first."
                )
            found, word = filled or (name(column.name), column.type)
            values.append(found)
            made.append(column._replace(type=word))
        return rows.selected(values, made, rows.names)


def _filled(column: Column, value: str | float) -> tuple[Sql, str] | None:
    """The filled column and its type; None if the column cannot hold the value."""
    if isinstance(value, str | bool):
        made = _alike(column.type, value)
        if made is None:
            return None
        return sql("coalesce({}, {})", name(column.name), made), column.type
    own = name(column.name)
    if column.type == "integer" and float(value).is_integer():
        return sql("coalesce({}, CAST({} AS BIGINT))", own, bound(int(value))), "integer"
    if column.type not in ("integer", "decimal"):
        return None
    number = sql("CAST({} AS DOUBLE)", own)
    there = sql("CASE WHEN NOT isnan({}) THEN {} END", number, number)
    return sql("coalesce({}, {})", there, bound(float(value))), "decimal"


def _alike(type_: str, value: str | bool) -> Sql | None:
    """A text, timestamp or boolean cast to a type; None if it does not fit."""
    if (type_ == "string" and isinstance(value, str)) or (
        type_ == "boolean" and value in (True, False)
    ):
        return bound(value)
    if type_ not in ("datetime", "date") or not isinstance(value, str):
        return None
    try:
        at = bound(moment(value))
    except InvalidDatasetError:
        return None
    return at if type_ == "datetime" else sql("CAST({} AS DATE)", at)
