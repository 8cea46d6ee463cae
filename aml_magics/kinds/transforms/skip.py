"""All but the first rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds._sql import bound
from aml_magics.kinds.transforms._base import Transform, check_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows


class Skip(Transform):
    """Skips ``count`` rows."""

    required = {"count": (int,)}

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also refuses a negative number."""
        super().check(arguments)
        check_count("skip", arguments["count"])

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """The rows after the first ``count``."""
        return rows.with_sql("SELECT * FROM ({}) OFFSET {}", bound(arguments["count"]))
