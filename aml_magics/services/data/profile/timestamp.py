"""Seconds since the epoch as the texts of moments, days and times of a day."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

_MICROSECONDS: Final = 1_000_000
_DAY: Final = 86_400


def moment_texts(
    connection: DuckDBPyConnection, kind: str, seconds: Sequence[float | None]
) -> list[str | None]:
    """The texts in ISO 8601, UTC; DuckDB makes them, whose years go further than Python's.

    Args:
        connection: any of DuckDB.
        kind: ``datetime``, ``date`` or ``time``.
        seconds: since the epoch, of a time of a day since midnight; None stays None.
    """
    made = "make_date(moment::INTEGER)" if kind == "date" else "make_timestamp(moment)"
    query = f"SELECT list_transform(?::BIGINT[], lambda moment: {made}::VARCHAR)"
    whole = [None if one is None else _units(kind, one) for one in seconds]
    ((texts,),) = connection.execute(query, [whole]).fetchall()
    return [None if text is None else _of_kind(kind, text) for text in texts]


def _units(kind: str, seconds: float) -> int:
    return math.floor(seconds / _DAY) if kind == "date" else round(seconds * _MICROSECONDS)


def _of_kind(kind: str, text: str) -> str:
    if kind == "time":
        return text.partition(" ")[2]
    return text if kind == "date" else text.replace(" ", "T", 1)
