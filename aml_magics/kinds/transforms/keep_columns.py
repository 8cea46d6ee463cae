"""Selection of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError
from aml_magics.kinds.transforms._base import Transform, columns_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows


class KeepColumns(Transform):
    """Keeps ``columns`` in the order of the data, as in Azure."""

    required = {"columns": (list, tuple)}

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also requires at least one column."""
        super().check(arguments)
        if not arguments["columns"]:
            raise InvalidDatasetError("keep_columns needs at least one column.")

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """All rows."""
        wanted = set(columns_named(rows, arguments["columns"]))
        return rows.kept([column for column in rows.columns if column in wanted])
