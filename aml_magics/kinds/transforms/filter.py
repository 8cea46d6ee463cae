"""The rows that meet a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds.transforms._base import Transform
from aml_magics.kinds.transforms._condition import condition
from aml_magics.records.expression import check, columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows


class Filter(Transform):
    """``expression`` is as ``records/expression.py`` says."""

    required = {"expression": (dict,)}

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also the form of the expression."""
        super().check(arguments)
        check(arguments["expression"])

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """Those for which it is true."""
        where = condition(arguments["expression"], rows)
        uses = columns_of(arguments["expression"])
        return rows.with_sql("SELECT * FROM ({}) WHERE {}", where, uses=uses)
