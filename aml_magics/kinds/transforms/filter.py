"""Rows that meet a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds.transforms._base import Transform
from aml_magics.kinds.transforms._condition import condition
from aml_magics.records.expression import columns_of, read_expression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows


class Filter(Transform):
    """``expression`` has the form described in ``records/expression.py``."""

    required = {"expression": (dict,)}

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also validates the form of the expression."""
        super().check(arguments)
        read_expression(arguments["expression"])

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """The rows for which it is true."""
        expression = read_expression(arguments["expression"])
        where = condition(expression, rows)
        return rows.with_sql("SELECT * FROM ({}) WHERE {}", where, uses=columns_of(expression))
