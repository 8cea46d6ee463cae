"""A random part of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds._sql import bound
from aml_magics.kinds.transforms._base import NULLABLE, Transform, by_lot, check_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows


class Split(Transform):
    """The rows whose lot is in [``low``, ``high``).

    The lot depends on the row number and ``seed``, so parts with one seed are disjoint, and cover all rows
    if their bounds go from 0 to 1.
    """

    required = {"low": (int, float), "high": (int, float)}
    optional = {"seed": (int, NULLABLE)}

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also validates the bounds as shares."""
        super().check(arguments)
        check_share("The lower bound of a split", arguments["low"])
        check_share("The upper bound of a split", arguments["high"])

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """The rows of the part, in their order."""
        bounds = (bound(float(arguments["low"])), bound(float(arguments["high"])))
        return by_lot(rows, f"split {arguments.get('seed')}", "lot >= {} AND lot < {}", *bounds)
