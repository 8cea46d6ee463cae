"""Removal of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError
from aml_magics.kinds.transforms._base import Transform, check_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows


class DropColumns(Transform):
    """Drops ``columns``; missing ones are ignored, as in Azure."""

    required = {"columns": (list, tuple)}

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """All rows."""
        dropped = {check_name(one) for one in arguments["columns"]}
        kept = [column for column in rows.columns if column.name not in dropped]
        if not kept:
            raise InvalidDatasetError("drop_columns would drop every column; leave one.")
        return rows.kept(kept)
