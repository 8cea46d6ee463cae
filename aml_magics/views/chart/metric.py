"""A metric: its last and extreme values, and the points, list, table or matrix behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.metric import ARTIFACT_KINDS, LoggedFile, MetricKind, is_finite_number
from aml_magics.views.chart import accuracy_table, predictions, residuals
from aml_magics.views.chart.confusion_matrix import ConfusionMatrixView, confusion_matrix_view
from aml_magics.views.chart.decimation import keep_extremes
from aml_magics.views.chart.table import TableView, table_view
from aml_magics.views.text.encoding import (
    LARGEST_EXACT,
    JsonScalar,
    Later,
    json_number,
    json_scalar,
)
from aml_magics.views.text.format import artifact_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aml_magics.records.metric import MetricHead, Series
    from aml_magics.views.chart.chart import ChartView

MOST_POINTS: Final = 2_000
FEWEST_POINTS: Final = 2
TABLE_KINDS: Final = frozenset({MetricKind.LIST, MetricKind.ROW, MetricKind.TABLE})
DOCUMENT_KINDS: Final = {
    MetricKind.CONFUSION_MATRIX: "matrix is square and holds numbers",
    MetricKind.ACCURACY_TABLE: accuracy_table.RULE,
    MetricKind.RESIDUALS: residuals.RULE,
    MetricKind.PREDICTIONS: predictions.RULE,
}
"""Kinds whose value names a document to draw, and the rule that the document must meet."""

_CHARTS: Final = {
    MetricKind.ACCURACY_TABLE: accuracy_table.accuracy_charts,
    MetricKind.RESIDUALS: residuals.residual_charts,
    MetricKind.PREDICTIONS: predictions.prediction_charts,
}


@dataclass(frozen=True, slots=True)
class PointsView:
    """Points of a curve: shape (n,) each, decimated so that every peak is still there.

    ``times`` are seconds since the run started. ``values`` may hold ``"NaN"`` and the infinities.
    """

    steps: tuple[float | int | str, ...]
    times: tuple[float, ...]
    values: tuple[JsonScalar, ...]

    def numbers(self) -> list[float]:
        """The values as floats, NaN for points that cannot be drawn."""
        return [float(value) if is_finite_number(value) else math.nan for value in self.values]  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class FileMarkView:
    """Step, time and caption of a logged image or chart; ``time`` is in seconds since the start."""

    step: float | int | str
    time: float
    description: str


@dataclass(frozen=True, slots=True)
class MetricView:
    """One metric of a run.

    ``low`` and ``high`` are those of all ``count`` points. ``points`` is there for a number logged
    more than once, ``table`` for lists, rows and tables, ``matrix`` for a confusion matrix,
    ``charts`` for accuracy tables, residuals and predictions, and ``files`` names the artifacts of
    images and documents, with a mark for each.
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
    charts: tuple[ChartView, ...] = ()
    files: tuple[str, ...] = ()
    marks: Later[tuple[FileMarkView, ...]] = ()


def needs_series(head: MetricHead) -> bool:
    """Whether the view needs the metric's points in addition to its head."""
    return head.count > 1 or head.kind in TABLE_KINDS


def metric_view(
    head: MetricHead,
    series: Series | None = None,
    documents: Mapping[str, object] | None = None,
    *,
    origin: float | None = None,
) -> MetricView:
    """The view of a metric.

    Args:
        series: its points, if :func:`needs_series` asks for them.
        documents: parsed JSON artifacts by name, for the kinds in :data:`DOCUMENT_KINDS`.
        origin: start of the run in seconds since the epoch; the time of the first point by default.
    """
    marks = _marks(head, series, origin)
    files = tuple(marks)
    document = (documents or {}).get(files[-1]) if files else None
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
        matrix=_matrix(head.kind, document),
        charts=_charts(head.kind, document),
        files=files,
        marks=tuple(marks.values()),
    )


def document_problem(kind: MetricKind, document: object) -> str:
    """The rule that a document breaks, so that it cannot be shown; empty if it is valid."""
    if kind not in DOCUMENT_KINDS or _matrix(kind, document) or _charts(kind, document):
        return ""
    return DOCUMENT_KINDS[kind]


def points_view(series: Series, limit: int, origin: float | None = None) -> PointsView | None:
    """The points of a curve, at most ``limit``; None for fewer than two numbers."""
    if series.kind is not MetricKind.SCALAR or len(series) < FEWEST_POINTS:
        return None
    numbers = drawable(series.values)
    kept = keep_extremes(numbers, limit)
    finite = (index for index in kept if math.isfinite(numbers[index]))
    if len(list(islice(finite, FEWEST_POINTS))) < FEWEST_POINTS:
        return None
    start = float(series.times[0]) if origin is None else origin
    return every_point(series if len(kept) == len(series) else series.at(kept), start)


def every_point(series: Series, origin: float) -> PointsView:
    """All points of a series; ``origin`` is the start of the run in seconds since the epoch."""
    values = series.plain()
    is_plain = not isinstance(series.values, list) and _is_carried(series.values)
    steps = series.steps.tolist()
    return PointsView(
        tuple(steps) if _is_carried(series.steps) else tuple(map(json_number, steps)),
        tuple((series.times - origin).round(3).tolist()),
        tuple(values) if is_plain else tuple(map(json_scalar, values)),
    )


def drawable(values: Any) -> Any:  # noqa: ANN401 -- numbers of shape (n,), or a list of any JSON values
    """The values as numbers of shape (n,), NaN for points that cannot be drawn."""
    if not isinstance(values, list):
        return values
    return [float(value) if is_finite_number(value) else math.nan for value in values]


def _matrix(kind: MetricKind, document: object) -> ConfusionMatrixView | None:
    return confusion_matrix_view(document) if kind is MetricKind.CONFUSION_MATRIX else None


def _charts(kind: MetricKind, document: object) -> tuple[ChartView, ...]:
    return _CHARTS[kind](document) if kind in _CHARTS else ()


def _marks(
    head: MetricHead, series: Series | None, origin: float | None
) -> dict[str, FileMarkView]:
    """The files of a metric by name, in logging order."""
    if head.kind not in ARTIFACT_KINDS:
        return {}
    points: Iterable[tuple[LoggedFile | None, int, float]] = [(head.file, head.step, head.time)]
    if series is not None:
        logged_files = map(LoggedFile.of, series.plain())
        points = zip(logged_files, series.steps.tolist(), series.times.tolist(), strict=True)
    found: dict[str, FileMarkView] = {}
    for logged, step, time in points:
        if logged is not None:
            start = origin if origin is not None else time
            mark = FileMarkView(json_number(step), round(time - start, 3), logged.description)
            found[artifact_name(logged.address)] = mark
    return found


def _is_carried(values: Any) -> bool:  # noqa: ANN401 -- an array of numbers
    """Whether JSON and a browser represent all numbers exactly."""
    import numpy as np

    if values.dtype.kind == "i":
        return bool((values <= LARGEST_EXACT).all() and (values >= -LARGEST_EXACT).all())
    return bool(np.isfinite(values).all())
