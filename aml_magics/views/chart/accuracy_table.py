"""Precision-recall, ROC, gain, lift and calibration curves, from what ``log_accuracy_table`` logs.

For each class, one against all others, and each threshold, the document holds the numbers of true
positives, false positives, true negatives and false negatives.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.chart import (
    ChartSeriesView,
    ChartView,
    chart_series,
    data_of,
    finite_numbers,
)
from aml_magics.views.text.format import number_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Curve = tuple[Floats, Floats]

RULE: Final = "probability_tables holds, for each class and threshold, four counts, TP, FP, TN and FN, and not zeros alone"
MOST_CLASSES: Final = 8
"""With more classes only the averages are drawn."""

MIRRORED: Final = 2
"""With two classes one curve mirrors the other, and their average is meaningless."""

BINS: Final = 10
_COUNTS: Final = 4
_AXES: Final = 3
_LONGEST_LABEL: Final = 100


@dataclass(frozen=True, slots=True)
class _Points:
    """True and false positive rates, shape (n,), from nothing to everything called positive."""

    hits: Floats
    alarms: Floats
    positives: float
    negatives: float


@dataclass(frozen=True, slots=True)
class _Table:
    """Counts of shape (classes, thresholds, 4); ``more`` holds them at each class's own thresholds."""

    labels: tuple[str, ...]
    counts: Floats
    more: Floats | None
    thresholds: list[float] | None


def accuracy_charts(document: object) -> tuple[ChartView, ...]:
    """The five charts of an accuracy table; empty if the document holds no valid table."""
    import numpy as np

    table = _table(document)
    if table is None:
        return ()
    with np.errstate(all="ignore"):
        points = _points(table)
        level = ((0.0, 1.0), (1.0, 1.0))
        rise = ((0.0, 1.0), (0.0, 1.0))
        charts = (
            _chart("Precision-recall", ("recall", "precision"), points, _recall, None),
            _chart(
                "ROC", ("false positive rate", "true positive rate"), points, _roc, rise, _with_area
            ),
            _chart("Cumulative gain", ("share of samples", "recall"), points, _gain, rise),
            _chart("Lift", ("share of samples", "lift"), points, _lift, level),
            _calibration_chart(table),
        )
    return tuple(chart for chart in charts if any(one.style == "line" for one in chart.series))


def _table(document: object) -> _Table | None:
    data = data_of(document)
    counts = _counts(data.get("probability_tables"))
    if counts is None:
        return None
    more = _counts(data.get("percentile_tables"))
    labels = data.get("class_labels")
    if not isinstance(labels, list) or len(labels) != len(counts):
        labels = list(range(len(counts)))
    thresholds = finite_numbers(data.get("probability_thresholds"))
    return _Table(
        tuple(str(label)[:_LONGEST_LABEL] for label in labels),
        counts,
        more if more is not None and len(more) == len(counts) else None,
        thresholds if thresholds and len(thresholds) == counts.shape[1] else None,
    )


def _counts(tables: object) -> Floats | None:
    import numpy as np

    if not isinstance(tables, list):
        return None
    try:
        counts = np.asarray(tables, np.float64)
    except (ValueError, TypeError, OverflowError):
        return None
    is_table = counts.ndim == _AXES and counts.shape[2] == _COUNTS and counts.size > 0
    return counts if is_table and bool((np.isfinite(counts) & (counts >= 0)).all()) else None


def _points(table: _Table) -> dict[str, list[_Points]]:
    """Points of each curve by name; the average over classes pools the points of all classes."""
    import numpy as np

    classes = [
        _ordered(own if table.more is None else np.concatenate([own, table.more[index]]))
        for index, own in enumerate(table.counts)
    ]
    found = {name: [classes[index]] for index, name in enumerate(_names(table))}
    if len(classes) > MIRRORED:
        found["micro average"] = [_ordered(table.counts.sum(axis=0))]
        found["macro average"] = classes
    return found


def _names(table: _Table) -> list[str]:
    """Legend names of the class curves, made unique when two classes share a label."""
    if len(table.labels) > MOST_CLASSES:
        return []
    return [
        label if table.labels.count(label) == 1 else f"{label} ({index})"
        for index, label in enumerate(table.labels)
    ]


def _ordered(counts: Floats) -> _Points:
    import numpy as np

    hits, alarms, rejections, misses = counts.T
    positives, negatives = float(hits[0] + misses[0]), float(alarms[0] + rejections[0])
    ends = np.array([[0.0, 0.0], [positives, negatives]])
    pairs = np.unique(np.concatenate([np.stack([hits, alarms], axis=1), ends]), axis=0)
    order = np.lexsort((pairs[:, 0], pairs.sum(axis=1)))
    return _Points(pairs[order, 0], pairs[order, 1], positives, negatives)


def _recall(one: _Points) -> Curve:
    precision = one.hits / (one.hits + one.alarms)
    precision[0] = 1.0  # without predicted positives there are no false ones
    return one.hits / one.positives, precision


def _roc(one: _Points) -> Curve:
    return one.alarms / one.negatives, one.hits / one.positives


def _gain(one: _Points) -> Curve:
    return (one.hits + one.alarms) / (one.positives + one.negatives), one.hits / one.positives


def _lift(one: _Points) -> Curve:
    share = (one.hits + one.alarms) / (one.positives + one.negatives)
    return share[1:], (one.hits / one.positives / share)[1:]


def _chart(
    title: str,
    axes: tuple[str, str],
    points: Mapping[str, list[_Points]],
    curve: Callable[[_Points], Curve],
    guide: tuple[tuple[float, ...], tuple[float, ...]] | None,
    named: Callable[[str, Curve], str] = lambda name, _: name,
) -> ChartView:
    series = []
    for name, several in points.items():
        found = _average([curve(one) for one in several])
        if found is not None:
            series.append(chart_series(named(name, found), "line", *found))
    if guide is not None:
        series.append(chart_series("random", "dashed", *guide))
    return ChartView(title, *axes, tuple(series))


def _average(curves: list[Curve]) -> Curve | None:
    """The mean height of curves; a class without samples has no curve."""
    import numpy as np

    drawn = [
        curve for curve in curves if len(curve[0]) and all(np.isfinite(one).all() for one in curve)
    ]
    if len(drawn) <= 1:
        return drawn[0] if drawn else None
    x = np.linspace(0, 1, 101)
    return x, np.mean([np.interp(x, *curve) for curve in drawn], axis=0)


def _with_area(name: str, curve: Curve) -> str:
    x, y = curve
    area = float(((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2).sum())
    return f"{name} (AUC {number_text(area)})"


def _calibration_chart(table: _Table) -> ChartView:
    rows = {name: table.counts[index] for index, name in enumerate(_names(table))}
    if len(table.counts) > MIRRORED:
        rows["micro average"] = table.counts.sum(axis=0)
    series: list[ChartSeriesView] = []
    if table.thresholds is not None:
        series = [
            chart_series(name, "line", *_calibration(counts, table.thresholds))
            for name, counts in rows.items()
        ]
    shown = [one for one in series if one.x]
    ideal = chart_series("perfect", "dashed", (0.0, 1.0), (0.0, 1.0))
    return ChartView("Calibration", "predicted probability", "share of positives", (*shown, ideal))


def _calibration(counts: Floats, thresholds: list[float]) -> tuple[list[float], list[float]]:
    import numpy as np

    limits = np.asarray(thresholds)
    picked: list[int] = sorted({int(abs(limits - at / BINS).argmin()) for at in range(BINS + 1)})
    picked.sort(key=lambda at: limits[at])
    hits, called = counts[:, 0], counts[:, 0] + counts[:, 1]
    x, y = [], []
    for low, high in itertools.pairwise(picked):
        # Probabilities at the highest threshold belong to the last bin.
        rest = 0.0 if high == picked[-1] else 1.0
        samples = float(called[low] - rest * called[high])
        if samples > 0:
            x.append(float(limits[low] + limits[high]) / 2)
            y.append(float(hits[low] - rest * hits[high]) / samples)
    return x, y
