"""Rows of a time range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError
from aml_magics.kinds._sql import bound, joined, sql
from aml_magics.kinds.transforms._base import NULLABLE, Transform
from aml_magics.kinds.transforms._moment import moments
from aml_magics.records.expression import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows


class Between(Transform):
    """``start`` and ``end`` are ISO 8601 timestamps, or null for no bound.

    Rows without a timestamp are dropped.
    """

    required = {"column": (str,)}
    optional = {
        "start": (str, NULLABLE),
        "end": (str, NULLABLE),
        "include_boundary": (bool,),
    }

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also validates the timestamps and requires at least one."""
        super().check(arguments)
        found = [arguments.get("start"), arguments.get("end")]
        if found == [None, None]:
            raise InvalidDatasetError("A span of time has a start, an end or both.")
        for one in found:
            if one is not None:
                moment(one)

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """The rows in the range."""
        column = moments(rows.column(arguments["column"]))
        equal = "=" if arguments.get("include_boundary", True) else ""
        signs = {"start": ">", "end": "<"}
        where = joined(
            " AND ",
            [
                sql("{} " + sign + equal + " {}", column, bound(moment(arguments[side])))
                for side, sign in signs.items()
                if arguments.get(side) is not None
            ],
        )
        return rows.with_sql("SELECT * FROM ({}) WHERE {}", where, uses=[arguments["column"]])
