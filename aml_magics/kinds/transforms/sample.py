"""Samples of rows: random, the first rows, or a share of each group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError, did_you_mean
from aml_magics.kinds._sql import Sql, bound, joined, name, sql
from aml_magics.kinds.transforms._base import (
    NULLABLE,
    Transform,
    by_lot,
    check_count,
    check_share,
    columns_named,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds._rows import Rows

_NEEDS = {
    "simple_random": ("probability",),
    "top_n": ("n",),
    "stratified": ("columns", "fractions"),
}


class Sample(Transform):
    """Samples by ``strategy``.

    ``simple_random`` takes each row with ``probability``; ``top_n`` the first ``n``; ``stratified`` a share of
    the rows with the same values in ``columns``: ``fractions`` is a list of ``[[value, …], share]``, and rows
    with other values are dropped.
    """

    required = {"strategy": (str,)}
    optional = {
        "probability": (int, float, NULLABLE),
        "n": (int, NULLABLE),
        "columns": (list, tuple, NULLABLE),
        "fractions": (list, tuple, NULLABLE),
        "seed": (int, NULLABLE),
    }

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Also validates the arguments of the strategy."""
        super().check(arguments)
        strategy = arguments["strategy"]
        if strategy not in _NEEDS:
            near = did_you_mean(strategy, _NEEDS) or f" There are: {', '.join(_NEEDS)}."
            raise InvalidDatasetError(f"There is no strategy {strategy!r:.60} to sample by.{near}")
        for argument in _NEEDS[strategy]:
            if arguments.get(argument) is None:
                raise InvalidDatasetError(
                    f"To sample by {strategy} needs the argument {argument!r}."
                )
        if strategy == "simple_random":
            check_share("The probability of a sample", arguments["probability"])
        elif strategy == "top_n":
            check_count("A sample", arguments["n"])
        else:
            for one in arguments["fractions"]:
                _check_fraction(one, len(arguments["columns"]))

    def applied(self, rows: Rows, arguments: Mapping[str, Any]) -> Rows:
        """The sampled rows, in their order."""
        salt = f"sample {arguments.get('seed')}"
        if arguments["strategy"] == "top_n":
            return rows.with_sql("SELECT * FROM ({}) LIMIT {}", bound(arguments["n"]))
        if arguments["strategy"] == "simple_random":
            return by_lot(rows, salt, "lot < {}", bound(float(arguments["probability"])))
        columns = columns_named(rows, arguments["columns"])
        cases = [
            sql(
                "WHEN {} THEN {}",
                _equals([column.name for column in columns], values),
                bound(float(share)),
            )
            for values, share in arguments["fractions"]
        ]
        if not cases:
            return rows.with_sql("SELECT * FROM ({}) LIMIT 0")
        uses = [column.name for column in columns]
        return by_lot(rows, salt, "lot < CASE {} ELSE 0 END", joined(" ", cases), uses=uses)


def _equals(columns: list[str], values: list[Any]) -> Sql:
    pairs = zip(columns, values, strict=True)
    return joined(
        " AND ",
        [
            # as text, so that a value of another type is unequal instead of an error
            sql("CAST({} AS VARCHAR) IS NOT DISTINCT FROM {}", name(column), bound(_text(value)))
            for column, value in pairs
        ],
    )


def _text(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check_fraction(one: object, count: int) -> None:
    if (
        not isinstance(one, list | tuple)
        or len(one) != 2
        or not isinstance(one[0], list | tuple)
        or len(one[0]) != count
        or not isinstance(one[1], int | float)
    ):
        raise InvalidDatasetError(
            f"A fraction is written [[value of each column], share], with {count} values, not {one!r:.100}."
        )
    check_share("A fraction of a sample", one[1])
