"""Casts of columns to other types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds._sql import name
from aml_magics.kinds._type import checked_types, converted
from aml_magics.kinds.transforms._base import Transform, columns_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows


class Convert(Transform):
    """``types`` maps column names to types; values that do not fit become NULL."""

    required = {"types": (dict,)}

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also validates the types."""
        super().check(arguments)
        checked_types(arguments["types"])

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """All rows."""
        types = checked_types(arguments["types"])
        columns_named(rows, list(types))
        values, made = [], []
        for column in rows.columns:
            word, formats = types.get(column.name, (column.type, ()))
            values.append(converted(name(column.name), column.type, word, formats))
            made.append(column._replace(type=word))
        return rows.selected(values, made, rows.names)
