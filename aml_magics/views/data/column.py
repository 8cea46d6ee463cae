"""Columns of a dataset and their cells for a screen: strict JSON, short, and never executed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.data.column import zoned, zoned_text
from aml_magics.views.text.encoding import JsonScalar, json_number, json_scalar
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from aml_magics.records.data.profile import ColumnProfile, Histogram

LONGEST: Final = 300
"""Characters shown of a cell's text."""
_ITEMS: Final = 100
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class HistogramView:
    """Edges (n + 1) and counts (n); edges of timestamps are seconds since the epoch."""

    edges: tuple[float | int | str, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column; without a profile everything but name and type is None or empty.

    ``count`` is the number of values, ``missing`` that of nulls; ``is_exact`` says that ``distinct`` was
    counted and not estimated, ``is_unique`` that no two values are the same, None where nobody knows.
    ``quantiles`` are pairs of share and value, ``top`` of value and count. ``zone`` is the time zone of
    timestamps, whose offset their texts have.
    """

    name: str
    type: str
    count: int | None = None
    missing: int | None = None
    distinct: int | None = None
    is_exact: bool = False
    low: JsonScalar = None
    high: JsonScalar = None
    mean: float | int | str | None = None
    deviation: float | int | str | None = None
    quantiles: tuple[tuple[float, JsonScalar], ...] = ()
    histogram: HistogramView | None = None
    top: tuple[tuple[JsonScalar, int], ...] = ()
    is_unique: bool | None = None
    zone: str = ""


def column_view(column: ColumnProfile, zone: str = "") -> ColumnView:
    """A column with its profile as strict JSON.

    Args:
        zone: of its timestamps, where the profile does not know it.
    """
    in_zone = zone or column.zone

    def shown(value: object) -> JsonScalar:
        return cell(zoned(value, in_zone) if in_zone and isinstance(value, str) else value)

    return ColumnView(
        name=short_text(column.name),
        type=column.type,
        count=column.count,
        missing=column.missing,
        distinct=column.distinct,
        is_exact=column.is_exact,
        low=shown(column.low),
        high=shown(column.high),
        mean=None if column.mean is None else json_number(column.mean),
        deviation=None if column.deviation is None else json_number(column.deviation),
        quantiles=tuple((share, shown(value)) for share, value in column.quantiles),
        histogram=None if column.histogram is None else _histogram(column.histogram),
        top=tuple((cell(value), count) for value, count in column.top),
        is_unique=column.is_unique,
        zone=in_zone,
    )


def _histogram(histogram: Histogram) -> HistogramView:
    return HistogramView(tuple(json_number(edge) for edge in histogram.edges), histogram.counts)


def short_text(text: str) -> str:
    """A text cut to a displayable length, without lone surrogates."""
    return clipped(text, LONGEST).encode("utf-8", "replace").decode()


def cell(value: object) -> JsonScalar:
    """A cell value: long texts are cut, binary becomes its size, lists and structs become text."""
    plain = _plain(value, 0)
    if isinstance(plain, list | dict):
        return short_text(json.dumps(plain, ensure_ascii=False, default=str))
    found = json_scalar(plain)
    return short_text(found) if isinstance(found, str) else found


def rows_of(
    table: pa.Table, columns: int, zones: Mapping[str, str] | None = None
) -> tuple[tuple[JsonScalar, ...], ...]:
    """The rows of the first ``columns`` columns; timestamps of columns in ``zones`` get their offset."""
    if not columns:
        return ()
    names = table.column_names[:columns]
    cells = [
        cells_of(table.column(index), (zones or {}).get(name, ""))
        for index, name in enumerate(names)
    ]
    return tuple(zip(*cells, strict=True))


def cells_of(values: pa.ChunkedArray, zone: str = "") -> list[JsonScalar]:
    """The cells of a column; its timestamps are in UTC, and shown in the zone."""
    import pyarrow as pa

    try:
        found = values.to_pylist()
    except (ValueError, OverflowError):  # a timestamp beyond Python's calendar
        found = values.cast(pa.string()).to_pylist()
    if zone:
        found = [_in_zone(value, zone) for value in found]
    return [cell(value) for value in found]


def _in_zone(value: object, zone: str) -> object:
    if isinstance(value, datetime):
        return zoned_text(value, zone)
    return zoned(value, zone) if isinstance(value, str) else value


def _plain(value: Any, depth: int) -> Any:  # noqa: ANN401 -- any value in, JSON out
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value):,} bytes>"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, dict | list | tuple):
        return _nested(value, depth) if depth < _DEEPEST else "…"
    return json_scalar(value) if depth else value


def _nested(value: dict[Any, Any] | list[Any] | tuple[Any, ...], depth: int) -> Any:  # noqa: ANN401 -- JSON
    if isinstance(value, dict):
        return {str(name): _plain(item, depth + 1) for name, item in list(value.items())[:_ITEMS]}
    shown = [_plain(item, depth + 1) for item in value[:_ITEMS]]
    return [*shown, "…"] if len(value) > _ITEMS else shown


def _number(value: Decimal) -> float | str:
    """A decimal as a number if no digit is lost, else as text."""
    number = float(value)
    return number if Decimal(repr(number)) == value else str(value)
