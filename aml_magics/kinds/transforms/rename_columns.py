"""Renaming of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError
from aml_magics.kinds._sql import name
from aml_magics.kinds.transforms._base import Transform, columns_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows


class RenameColumns(Transform):
    """``names`` maps old names to new ones."""

    required = {"names": (dict,)}

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also requires text for the new names."""
        super().check(arguments)
        for new in arguments["names"].values():
            if not isinstance(new, str) or not new.strip() or "\0" in new:
                raise InvalidDatasetError(f"A column is named by a text, not by {new!r:.60}.")

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """All rows."""
        names = arguments["names"]
        columns_named(rows, list(names))
        renamed = [
            column._replace(name=names.get(column.name, column.name)) for column in rows.columns
        ]
        taken: set[str] = set()
        for column in renamed:
            if column.name.lower() in taken:
                raise InvalidDatasetError(
                    f"Two columns would be named {column.name!r:.100} (upper and lower case count as the same); "
                    "give one of them another name."
                )
            taken.add(column.name.lower())
        return rows.selected([name(column) for column in rows.names], renamed, rows.names)
