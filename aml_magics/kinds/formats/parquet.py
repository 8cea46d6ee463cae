"""Parquet files; the columns are those of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds._sql import bound, name, sql
from aml_magics.kinds.formats._base import Format, Reading
from aml_magics.kinds.formats._typed import typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.kinds.formats._base import Engine, InputFile


class Parquet(Format):
    """Columns have the types that the files say, unless ``types`` has another."""

    options = {"types": (dict,), "include_path": (bool,)}

    def reading(
        self, files: Sequence[InputFile], options: Mapping[str, Any], engine: Engine
    ) -> Reading:
        """Columns are found by their names, in every file."""
        source = sql(
            "read_parquet({}, hive_partitioning=false)", bound([one.path for one in files])
        )
        columns = [(column, name(column), type_) for column, type_ in engine.columns(source)]
        return typed(source, columns, files, options)
