"""Rows of the last hours or days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError
from aml_magics.kinds._sql import bound, sql
from aml_magics.kinds.transforms._base import Transform
from aml_magics.kinds.transforms._moment import moments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows


class Recent(Transform):
    """Rows with a timestamp at most ``seconds`` before they are read, or later."""

    required = {"column": (str,), "seconds": (int, float)}
    optional = {"include_boundary": (bool,)}

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also validates the time span."""
        super().check(arguments)
        if not 0 <= arguments["seconds"] <= 1e11:
            raise InvalidDatasetError(
                f"A span of time has seconds from 0 on, and fewer than 3,000 years of them, not {arguments['seconds']!r}."
            )

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """The rows in the span; timestamps are in UTC."""
        column = moments(rows.column(arguments["column"]))
        now = datetime.now(UTC).replace(tzinfo=None)
        longest = now - datetime.min  # noqa: DTZ901 -- neither has a zone
        start = now - min(timedelta(seconds=arguments["seconds"]), longest)
        sign = ">=" if arguments.get("include_boundary", True) else ">"
        where = sql("{} " + sign + " {}", column, bound(start))
        return rows.with_sql("SELECT * FROM ({}) WHERE {}", where, uses=[arguments["column"]])
