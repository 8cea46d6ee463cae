"""Aggregates per group of rows: counts, means and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError, did_you_mean
from aml_magics.kinds._rows import Rows, fault_count, fault_name
from aml_magics.kinds._sql import Sql, joined, name, raw, sql
from aml_magics.kinds.transforms._base import NULLABLE, Transform, columns_named, numbered
from aml_magics.records.data.column import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBERS = ("integer", "decimal", "boolean")
_ANY = ("string", "integer", "decimal", "boolean", "datetime", "date", "time")
_FUNCTIONS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "count": ("count({})", (), "integer"),
    "missing": ("count(*) - count({})", (), "integer"),
    "distinct": ("count(DISTINCT {})", (), "integer"),
    "min": ("min({})", _ANY, ""),
    "max": ("max({})", _ANY, ""),
    "sum": ("sum({})", _NUMBERS, "number"),
    "mean": ("avg(CAST({} AS DOUBLE))", _NUMBERS, "decimal"),
    "median": ("median(CAST({} AS DOUBLE))", _NUMBERS, "decimal"),
    "variance": ("var_samp(CAST({} AS DOUBLE))", _NUMBERS, "decimal"),
    "deviation": ("stddev_samp(CAST({} AS DOUBLE))", _NUMBERS, "decimal"),
    "skewness": ("skewness(CAST({} AS DOUBLE))", _NUMBERS, "decimal"),
    "kurtosis": ("kurtosis(CAST({} AS DOUBLE))", _NUMBERS, "decimal"),
    "first": ("arg_min({}, {number})", (), ""),
    "last": ("arg_max({}, {number})", (), ""),
}
"""By name: SQL, the input types (empty for any), and the result type."""


class Summarize(Transform):
    """Groups by ``group_columns``, ordered by first occurrence; without them all rows are one group.

    Each of ``summaries`` is ``{"function", "column", "name"}``; ``name`` is optional.
    """

    required = {"summaries": (list, tuple)}
    optional = {"group_columns": (list, tuple, NULLABLE)}

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also validates the functions."""
        super().check(arguments)
        if not arguments["summaries"] and not arguments.get("group_columns"):
            raise InvalidDatasetError(
                "summarize needs a column to group by, or something to compute."
            )
        for one in arguments["summaries"]:
            function = one.get("function") if isinstance(one, dict) else None
            if not isinstance(one, dict) or not isinstance(one.get("column"), str):
                raise InvalidDatasetError(
                    f"A summary is written {{'function': 'mean', 'column': …, 'name': …}}, not {one!r:.100}."
                )
            if function not in _FUNCTIONS:
                near = (
                    did_you_mean(str(function), _FUNCTIONS)
                    or f" There are: {', '.join(_FUNCTIONS)}."
                )
                raise InvalidDatasetError(f"There is no summary function {function!r:.60}.{near}")

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """One row per group."""
        groups = columns_named(rows, arguments.get("group_columns") or ())
        counted, number = numbered(rows)
        values = [name(column.name) for column in groups]
        made, sources = list(groups), [column.name for column in groups]
        for one in arguments["summaries"]:
            column = rows.column(one["column"])
            value, word = _summary(one["function"], column, number)
            values.append(value)
            made.append(Column(one.get("name") or f"{one['function']}_{column.name}", word))
            sources.append(column.name)
        _check_unlike([column.name for column in made])
        faults = {
            column.name: rows.faults[source]
            for column, source in zip(made, sources, strict=True)
            if source in rows.faults
        }
        told = dict.fromkeys(column.name for column in faults.values())
        values += [fault_count(one) for one in told]
        names = [*(column.name for column in made), *map(fault_name, told)]
        pairs = zip(values, names, strict=True)
        chosen = joined(", ", (sql("{} AS {}", value, name(one)) for value, one in pairs))
        query = sql("SELECT {} FROM ({})", chosen, counted)
        if groups:
            # A summary's alias may shadow a column of the same name, so groups are referenced by position.
            places = raw(", ".join(str(place + 1) for place in range(len(groups))))
            query = sql("{} GROUP BY {} ORDER BY min({})", query, places, raw(number))
        return Rows(query, tuple(made), faults=faults)


def _summary(function: str, column: Column, number: str) -> tuple[Sql, str]:
    template, takes, gives = _FUNCTIONS[function]
    if takes and column.type not in takes:
        raise InvalidDatasetError(
            f"The {function} of the column {column.name!r:.100} cannot be taken: it is of type {column.type}."
        )
    value = sql(template.replace("{number}", number), name(column.name))
    if gives != "number":
        return value, gives or column.type
    word = "decimal" if column.type == "decimal" else "integer"
    # DuckDB sums integers in 128 bits, which no DataFrame supports.
    return (value, word) if word == "decimal" else (sql("CAST({} AS BIGINT)", value), word)


def _check_unlike(names: list[str]) -> None:
    taken: set[str] = set()
    for one in names:
        if one.lower() in taken:
            raise InvalidDatasetError(
                f"Two columns would be named {one!r:.100}; give one of the summaries another name."
            )
        taken.add(one.lower())
