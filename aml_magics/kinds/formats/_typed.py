"""Conversion of typed columns to the requested types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError
from aml_magics.kinds._rows import Rows
from aml_magics.kinds._sql import Sql, sql
from aml_magics.kinds._type import checked_types, converted, word_of
from aml_magics.kinds.formats._base import Reading, path_columns, per_file, selecting
from aml_magics.kinds.formats._header import unique_names
from aml_magics.records.data.column import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.kinds.formats._base import InputFile

_PLAIN = {"string": "VARCHAR", "datetime": "TIMESTAMP"}


def typed(
    source: Sql,
    columns: Sequence[tuple[str, Sql, str]],
    files: Sequence[InputFile],
    options: Mapping[str, Any],
    guesses: Mapping[str, str] | None = None,
) -> Reading:
    """Read columns of a source and of the files' paths, and flag values that do not fit.

    Args:
        source: the FROM source.
        columns: name, value and DuckDB type.
        files: the files of the source, in order.
        options: ``types`` and ``include_path`` of the format.
        guesses: types of columns missing in ``types``.
    """
    asked = checked_types(options.get("types") or {})
    wanted = {**{column: (word, ()) for column, word in (guesses or {}).items()}, **asked}
    added = path_columns(files, include_path=options.get("include_path", False))
    if added and any(column.lower() == "file_index" for column, _, _ in columns):
        raise InvalidDatasetError(
            "A column is named 'file_index', which the engine numbers files by; leave out include_path and "
            "partition_format, or rename the column in the files."
        )
    values, made = [], []
    unfit: dict[str, Sql] = {}
    for column, value, type_ in columns:
        given = word_of(type_)
        word, formats = wanted.get(column, (given, ()))
        values.append(
            _zoneless(value, type_) if word == given else converted(value, given, word, formats)
        )
        made.append(Column(column, word))
        if word not in (given, "string"):
            unfit[column] = value
    names = unique_names([*(one for one, _, _ in columns), *(one for one, _, _ in added)])
    for column, (_, word, each) in zip(names[len(columns) :], added, strict=True):
        values.append(per_file(each, _PLAIN[word]))
        made.append(Column(column, word))
    rows = Rows(sql("FROM {}", source), tuple(made))
    for column in asked:
        rows.column(column)
    by_name = {one.name: value for one, value in zip(made, values, strict=True)}
    faults = {one.name: one for one in made if one.name in unfit}

    def read(given: Mapping[str, Sql], faults: Mapping[str, Column]) -> Rows:
        select = selecting(by_name, source, given)
        return Rows(select(list(by_name)), tuple(made), select, faults)

    zoned = {one for one, _, type_ in columns if type_ == "TIMESTAMP WITH TIME ZONE"}
    return Reading(
        read({}, {}),
        (lambda: read(unfit, faults)) if unfit else None,
        zones={one.name: "UTC" for one in made if one.name in zoned and one.type == "datetime"},
    )


def _zoneless(value: Sql, type_: str) -> Sql:
    """Timestamps become UTC without a zone; a JSON value becomes its text."""
    if type_.startswith("TIMESTAMP") and type_ != "TIMESTAMP":
        return sql("CAST({} AS TIMESTAMP)", value)
    return sql("CAST({} AS VARCHAR)", value) if type_ in ("JSON", "UUID", "INTERVAL") else value
