"""Parquet files; the first file defines the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidDataError
from aml_magics.kinds._sql import bound, name, sql
from aml_magics.kinds.formats._base import Format, Reading
from aml_magics.kinds.formats._typed import typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.kinds.formats._base import Engine, InputFile

MOST_COLUMNS: Final = 20_000


class Parquet(Format):
    """Columns have the types of the files, unless ``types`` sets another."""

    options = {"types": (dict,), "include_path": (bool,)}

    def reading(
        self, files: Sequence[InputFile], options: Mapping[str, Any], engine: Engine
    ) -> Reading:
        """Columns are found by name in every file."""
        _check_width(files[0], engine)
        source = sql(
            "read_parquet({}, hive_partitioning=false)", bound([one.path for one in files])
        )
        columns = [(column, name(column), type_) for column, type_ in engine.columns(source)]
        return typed(source, columns, files, options)


def _check_width(file: InputFile, engine: Engine) -> None:
    """Refuse files with too many columns: to describe 100,000 takes DuckDB a minute."""
    if not file.is_near:  # its footer would be fetched again
        return
    width = "SELECT num_children FROM parquet_schema({}) LIMIT 1"
    for (columns,) in engine.ask(sql(width, bound(file.path))):
        if (columns or 0) > MOST_COLUMNS:
            raise InvalidDataError(
                f"{file.name!r:.300} has {columns:,} columns, and at most {MOST_COLUMNS:,} are read as a table; "
                "make rows of the columns, or write the columns to several files."
            )
