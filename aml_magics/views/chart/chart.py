"""Charts computed from logged documents: curves, points and bars over one axis."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from aml_magics.records.metric import is_finite_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ChartStyle = Literal["line", "dashed", "points", "bars"]

POINTS: Final = 200
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class ChartSeriesView:
    """One curve: ``x`` and ``y`` of shape (n,); a ``y`` that is None is a gap."""

    name: str
    style: ChartStyle
    x: tuple[float, ...]
    y: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ChartView:
    """Curves with axis titles; guide lines come last."""

    title: str
    x_label: str
    y_label: str
    series: tuple[ChartSeriesView, ...]


def chart_series(
    name: str, style: ChartStyle, x: Iterable[float], y: Iterable[float | None]
) -> ChartSeriesView:
    """A curve of at most :data:`POINTS` points, rounded to the digits that matter.

    Args:
        x: points that are not finite are dropped.
        y: None and values that are not finite are gaps.
    """
    points = [
        (float(left), float(top) if top is not None and math.isfinite(top) else None)
        for left, top in zip(x, y, strict=True)
        if math.isfinite(left)
    ]
    kept = [points[at] for at in evenly(len(points), POINTS)]
    across, up = _digits(one for one, _ in kept), _digits(one for _, one in kept)
    return ChartSeriesView(
        name,
        style,
        tuple(_rounded(one, across) for one, _ in kept),
        tuple(None if one is None else _rounded(one, up) for _, one in kept),
    )


def thinned(chart: ChartView, points: int) -> ChartView:
    """The same chart with at most ``points`` points per curve, for saved outputs."""
    return replace(chart, series=tuple(_thinned(one, points) for one in chart.series))


def evenly(count: int, limit: int) -> list[int]:
    """Up to ``limit`` evenly spaced indices below ``count``, including the first and the last."""
    if count <= limit:
        return list(range(count))
    return [round(at * (count - 1) / (limit - 1)) for at in range(limit)]


def data_of(document: object) -> dict[str, Any]:
    """The ``data`` field of an Azure document; empty if missing."""
    data = document.get("data") if isinstance(document, dict) else None
    return data if isinstance(data, dict) else {}


def finite_numbers(values: object) -> list[float] | None:
    """A list of finite numbers, or None for anything else."""
    if not isinstance(values, list) or not all(map(is_finite_number, values)):
        return None
    return [float(value) for value in values]


def bin_edges(data: dict[str, Any], count: int) -> list[float] | None:
    """The ascending edges of ``count`` bins, or None if the document has no such edges."""
    edges = finite_numbers(data.get("bin_edges"))
    if not count or edges is None or len(edges) != count + 1:
        return None
    return edges if all(low < high for low, high in itertools.pairwise(edges)) else None


def centers(edges: Sequence[float]) -> list[float]:
    """The middles of bins."""
    return [low / 2 + high / 2 for low, high in itertools.pairwise(edges)]


def _thinned(series: ChartSeriesView, points: int) -> ChartSeriesView:
    if series.style == "bars":  # thinned bars would make another histogram
        return series
    kept = evenly(len(series.x), points)
    return replace(
        series, x=tuple(series.x[at] for at in kept), y=tuple(series.y[at] for at in kept)
    )


def _rounded(value: float, digits: int | None) -> float:
    try:
        return value if digits is None else round(value, digits)
    except OverflowError:  # there is no float above it
        return value


def _digits(values: Iterable[float | None]) -> int | None:
    """Decimals that resolve a ten-thousandth of the range of the values."""
    finite = [value for value in values if value is not None]
    half = max(finite, default=0) / 2 - min(finite, default=0) / 2
    return _DIGITS - math.floor(math.log10(half)) if half > 0 else None
