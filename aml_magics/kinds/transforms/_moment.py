"""A column as comparable timestamps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import InvalidDatasetError
from aml_magics.kinds._sql import Sql, name, sql

if TYPE_CHECKING:
    from aml_magics.records.data.column import Column


def moments(column: Column) -> Sql:
    """The timestamps of a column in UTC; ISO 8601 text counts as one."""
    if column.type == "datetime":
        return name(column.name)
    if column.type == "date":
        return sql("CAST({} AS TIMESTAMP)", name(column.name))
    if column.type == "string":
        # Respects an offset, which a plain cast to TIMESTAMP would drop.
        return sql("CAST(TRY_CAST({} AS TIMESTAMPTZ) AS TIMESTAMP)", name(column.name))
    raise InvalidDatasetError(
        f"The column {column.name!r:.100} is of type {column.type} and has no moments; give one of type datetime."
    )
