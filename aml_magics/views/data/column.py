"""A column of a dataset: what its profile says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.views.data.cell import cell, clipped
from aml_magics.views.text.format import JsonScalar, json_number

if TYPE_CHECKING:
    from aml_magics.records.profile import ColumnProfile, Histogram


@dataclass(frozen=True, slots=True)
class HistogramView:
    """Edges (n + 1) and counts (n); of moments the edges are seconds since the epoch."""

    edges: tuple[float | int | str, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column; all but name and type is None or empty where there is no profile.

    ``count`` values are there and ``missing`` are null; ``is_exact`` says that ``distinct`` was
    counted and not estimated. ``quantiles`` are pairs of share and value, ``top`` of value and count.
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


def column_view(column: ColumnProfile) -> ColumnView:
    """A column with its profile, as strict JSON can carry it."""
    return ColumnView(
        name=clipped(column.name),
        type=column.type,
        count=column.count,
        missing=column.missing,
        distinct=column.distinct,
        is_exact=column.is_exact,
        low=cell(column.low),
        high=cell(column.high),
        mean=None if column.mean is None else json_number(column.mean),
        deviation=None if column.deviation is None else json_number(column.deviation),
        quantiles=tuple((share, cell(value)) for share, value in column.quantiles),
        histogram=None if column.histogram is None else _histogram(column.histogram),
        top=tuple((cell(value), count) for value, count in column.top),
    )


def _histogram(histogram: Histogram) -> HistogramView:
    return HistogramView(tuple(json_number(edge) for edge in histogram.edges), histogram.counts)
