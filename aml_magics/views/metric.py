"""A metric: its last and extreme values, and the points, list, table or matrix behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.metric import ARTIFACT_KINDS, MetricKind, is_finite_number
from aml_magics.views.artifact import artifact_name
from aml_magics.views.confusion_matrix import ConfusionMatrixView, confusion_matrix_view
from aml_magics.views.decimation import keep_extremes
from aml_magics.views.number import JsonScalar, json_number, json_scalar
from aml_magics.views.table import TableView, table_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.metric import MetricHead, Series

MOST_POINTS: Final = 2_000
FEWEST_POINTS: Final = 2
TABLE_KINDS: Final = frozenset({MetricKind.LIST, MetricKind.ROW, MetricKind.TABLE})


@dataclass(frozen=True, slots=True)
class PointsView:
    """Points of a curve: shape (n,) each, decimated so that every peak is still there.

    ``times`` are seconds since the run started. ``values`` may hold ``"NaN"`` and the infinities.
    """

    steps: tuple[float | int | str, ...]
    times: tuple[float, ...]
    values: tuple[JsonScalar, ...]

    def numbers(self) -> list[float]:
        """The values as floats, NaN where a point cannot be drawn."""
        return [float(value) if is_finite_number(value) else math.nan for value in self.values]  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class MetricView:
    """One metric of a run.

    ``low`` and ``high`` are those of all ``count`` points. ``points`` is there for a number logged
    more than once, ``table`` for lists, rows and tables, ``matrix`` for a confusion matrix, and
    ``files`` names the artifacts of images and documents.
    """

    name: str
    kind: str
    count: int
    last: JsonScalar
    low: float | int | str | None
    high: float | int | str | None
    points: PointsView | None = None
    table: TableView | None = None
    matrix: ConfusionMatrixView | None = None
    files: tuple[str, ...] = ()


def needs_series(head: MetricHead) -> bool:
    """Whether the head alone does not tell all that is shown of the metric."""
    return head.count > 1 or head.kind in TABLE_KINDS


def metric_view(
    head: MetricHead,
    series: Series | None = None,
    documents: Mapping[str, object] | None = None,
    *,
    origin: float | None = None,
) -> MetricView:
    """What is shown of a metric.

    Args:
        head: what the catalogue knows of it.
        series: its points, where :func:`needs_series` asks for them.
        documents: parsed JSON artifacts by name, for confusion matrices.
        origin: when the run started, in seconds since the epoch; else the first point counts.
    """
    files = _files(head, series)
    is_matrix = head.kind is MetricKind.CONFUSION_MATRIX and files
    is_table = head.kind in TABLE_KINDS and series is not None
    return MetricView(
        name=head.name,
        kind=str(head.kind),
        count=head.count,
        last=json_scalar(head.value),
        low=None if head.low is None else json_number(head.low),
        high=None if head.high is None else json_number(head.high),
        points=None if series is None else points_view(series, MOST_POINTS, origin),
        table=table_view(head.kind, series.plain()) if is_table and series else None,
        matrix=confusion_matrix_view((documents or {}).get(files[-1])) if is_matrix else None,
        files=files,
    )


def points_view(series: Series, limit: int, origin: float | None = None) -> PointsView | None:
    """The points of a curve, at most ``limit``; None where there are fewer than two numbers."""
    if series.kind is not MetricKind.SCALAR or len(series) < FEWEST_POINTS:
        return None
    values: Any = series.values
    if isinstance(values, list):
        values = [float(value) if is_finite_number(value) else math.nan for value in values]
    kept = keep_extremes(values, limit)
    if sum(1 for place in kept if math.isfinite(values[place])) < FEWEST_POINTS:
        return None
    start = float(series.times[0]) if origin is None else origin
    return PointsView(
        tuple(json_number(int(series.steps[place])) for place in kept),
        tuple(round(float(series.times[place]) - start, 3) for place in kept),
        tuple(json_scalar(_plain(series.values[place])) for place in kept),
    )


def _files(head: MetricHead, series: Series | None) -> tuple[str, ...]:
    if head.kind not in ARTIFACT_KINDS:
        return ()
    values = [head.value] if series is None else series.plain()
    names = (artifact_name(value) for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(names))


def _plain(value: Any) -> Any:  # noqa: ANN401 -- a NumPy scalar or any JSON value
    return value.item() if hasattr(value, "item") else value
