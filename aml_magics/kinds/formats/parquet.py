"""Parquet files; the first file defines the columns."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidDataError
from aml_magics.kinds._sql import bound, name, sql
from aml_magics.kinds.formats._base import Format, Reading
from aml_magics.kinds.formats._typed import typed
from aml_magics.records.data.column import find_zone

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
        made = typed(source, columns, files, options)
        if not made.zones:
            return made
        return replace(made, zones={**made.zones, **_zones(files[0], made.zones, engine)})


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


def _zones(file: InputFile, columns: Mapping[str, str], engine: Engine) -> dict[str, str]:
    """The names of time zones, which only Arrow's schema in the footer keeps; a Parquet column is in UTC."""
    import pyarrow as pa

    query = "SELECT value FROM parquet_kv_metadata({}) WHERE key = 'ARROW:schema'"
    for (written,) in engine.ask(sql(query, bound(file.path))):
        try:
            schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(written)))
        except (binascii.Error, pa.ArrowException, OSError):  # of another writer, or damaged
            return {}
        zones = {one.name: getattr(one.type, "tz", None) for one in schema if one.name in columns}
        return {column: zone for column, zone in zones.items() if zone and find_zone(zone)}
    return {}
