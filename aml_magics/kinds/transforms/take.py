"""The first rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds._sql import bound
from aml_magics.kinds.transforms._base import Transform, check_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows


class Take(Transform):
    """Takes up to ``count`` rows."""

    required = {"count": (int,)}

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also refuses a negative number."""
        super().check(arguments)
        check_count("take", arguments["count"])

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """The first ``count`` rows."""
        return rows.with_sql("SELECT * FROM ({}) LIMIT {}", bound(arguments["count"]))
