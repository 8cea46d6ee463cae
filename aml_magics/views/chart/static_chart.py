"""Charts of logged documents as small inline SVG, and confusion matrices as shaded tables."""

from __future__ import annotations

import bisect
import math
from typing import TYPE_CHECKING, Final

from aml_magics.records.metric import is_finite_number
from aml_magics.views.chart.chart import ChartSeriesView, ChartView, thinned
from aml_magics.views.chart.static_curve import (
    HEIGHT,
    INK,
    WIDTH,
    Box,
    box_around,
    grid_html,
    line_path,
    sparkline_text,
)
from aml_magics.views.static.element import Attributes, Markup, element, named
from aml_magics.views.static.table import Column, Table
from aml_magics.views.text.format import number_text, value_text
from aml_magics.views.text.typeset import one_line, padded, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.chart.confusion_matrix import ConfusionMatrixView
    from aml_magics.views.text.encoding import JsonScalar

POINTS: Final = 50
CURVES: Final = 6
_NAME: Final = 30
_COLUMNS: Final = 16
_DASH: Final = "4 3"
CLASSES: Final = 20
_LABEL: Final = 16
_CORNER: Final = "true \\ predicted"


def charts_html(name: str, charts: Sequence[ChartView]) -> Markup:
    """The charts of a metric side by side."""
    return named(name, element("div", {"class": "aml-curves"}, map(_chart_html, charts)))


def charts_lines(name: str, charts: Sequence[ChartView]) -> list[str]:
    """One text line per curve: its name and its shape as bars."""
    lines = [one_line(name)]
    for chart in charts:
        lines.append(f"  {chart.title} ({chart.y_label} over {chart.x_label})")
        for one in _shown(chart):
            if one.style != "dashed":
                label = padded(_short(one.name), _NAME)
                lines.append(f"    {label}  {sparkline_text(_even(one))}".rstrip())
    return lines


def _chart_html(chart: ChartView) -> Markup:
    few = thinned(chart, POINTS)
    shown = _shown(few)
    box = _box(shown)
    size: Attributes = {"width": WIDTH, "height": HEIGHT, "viewBox": f"0 0 {WIDTH} {HEIGHT}"}
    drawing = [_drawn(index, one, box) for index, one in enumerate(shown)]
    picture = element(
        "svg", {**size, "role": "img", "aria-label": _spoken(chart)}, grid_html(), *drawing
    )
    highest, lowest = number_text(box.high, 3), number_text(box.low, 3)
    left, right = number_text(box.left, 3), number_text(box.right, 3)
    axes = {"data-first": f"{chart.x_label} {left}", "data-last": right}
    return element(
        "figure",
        {"class": "aml-curve"},
        element("figcaption", None, element("strong", None, chart.title), " ", chart.y_label),
        element("div", {"class": "aml-plot", "data-high": highest, "data-low": lowest}, picture),
        element("div", {"class": "aml-steps", **axes}),
        _legend_html(chart, shown),
    )


def _legend_html(chart: ChartView, shown: Sequence[ChartSeriesView]) -> Markup | None:
    if len(shown) == 1:
        return None
    keys = [
        element("span", None, _swatch(index, one), f" {_short(one.name)} ")
        for index, one in enumerate(shown)
    ]
    hidden = len(chart.series) - len(shown)
    return element("small", None, keys, f"… {hidden:,} more" if hidden > 0 else None)


def _shown(chart: ChartView) -> list[ChartSeriesView]:
    """The last curves, which include the class averages and guide lines."""
    return list(chart.series[-CURVES:])


def _box(shown: Sequence[ChartSeriesView]) -> Box:
    """The plot area; bars start at zero and are as wide as their bins."""
    lines = [(one.x, _heights(one)) for one in shown]
    for one in shown:
        if one.style == "bars" and one.x:
            half = _half(one)
            lines.append(((one.x[0] - half, one.x[-1] + half), [0.0, 0.0]))
    return box_around(lines, WIDTH, HEIGHT)


def _drawn(index: int, series: ChartSeriesView, box: Box) -> Markup:
    heights = _heights(series)
    if series.style == "bars":
        return element("path", {"class": "aml-bars", "d": _bars(series, box), "fill": "#8888"})
    if series.style == "points":  # a line with gaps around every point is a row of dots
        x = [one for across in series.x for one in (across, across)]
        y = [one for height in heights for one in (height, math.nan)]
        return _path(line_path(x, y, box), index, series)
    return _path(line_path(series.x, heights, box), index, series)


def _bars(series: ChartSeriesView, box: Box) -> str:
    half = _half(series)
    parts = []
    for across, up in zip(series.x, series.y, strict=True):
        if up is not None:
            left, right = box.across(across - half) + 0.5, box.across(across + half) - 0.5
            parts.append(
                f"M{left:.1f} {box.down(0):.1f}V{box.down(up):.1f}H{right:.1f}V{box.down(0):.1f}Z"
            )
    return "".join(parts)


def _half(series: ChartSeriesView) -> float:
    gaps = [right - left for left, right in zip(series.x[:-1], series.x[1:], strict=True)]
    return min(gaps, default=1.0) / 2


def _path(path: str, index: int, series: ChartSeriesView) -> Markup:
    ends = {"stroke-linecap": "round", "stroke-linejoin": "round"}
    line: Attributes = {
        "d": path,
        "fill": "none",
        "stroke": INK[index % len(INK)],
        "stroke-width": 4 if series.style == "points" else 1.5,
        "stroke-dasharray": _DASH if series.style == "dashed" else None,
    }
    return element("path", {**line, **ends})


def _swatch(index: int, series: ChartSeriesView) -> Markup:
    size: Attributes = {"width": 22, "height": 10, "viewBox": "0 0 22 10", "aria-hidden": "true"}
    return element("svg", size, _path("M2 5H20", index, series))


def _heights(series: ChartSeriesView) -> list[float]:
    return [math.nan if up is None else up for up in series.y]


def _even(series: ChartSeriesView) -> list[float | None]:
    """Heights at even distances, since a text line has no room for an axis; bars unchanged."""
    if series.style == "bars" or not series.x:
        return list(series.y)
    start, end = series.x[0], series.x[-1]
    found = []
    for column in range(_COLUMNS):
        share = column / (_COLUMNS - 1)
        at = bisect.bisect_left(series.x, start * (1 - share) + end * share)
        found.append(series.y[min(at, len(series.x) - 1)])
    return found


def _spoken(chart: ChartView) -> str:
    names = ", ".join(_short(one.name) for one in _shown(chart))
    return f"{chart.title}: {chart.y_label} over {chart.x_label}; {names}"


def _short(name: str) -> str:
    return shortened(one_line(name), _NAME)


def confusion_matrix_html(name: str, view: ConfusionMatrixView) -> Markup:
    """True classes as rows, predicted ones as columns; cells are shaded by their share of the row."""
    labels = [shortened(one_line(label), _LABEL) for label in view.labels[:CLASSES]]
    head = element(
        "tr",
        None,
        element("th", {"scope": "col"}, _CORNER),
        [
            element("th", {"scope": "col", "class": "aml-n", "align": "right"}, label)
            for label in labels
        ],
    )
    rows = [
        element(
            "tr", None, element("th", {"scope": "row", "align": "left"}, label), _cells(row, index)
        )
        for index, (label, row) in enumerate(zip(labels, view.matrix, strict=False))
    ]
    table = {"class": "aml-table aml-matrix"}
    return named(
        name,
        element("table", table, element("thead", None, head), element("tbody", None, rows)),
        element("small", None, _rest(view)) if _rest(view) else None,
    )


def confusion_matrix_lines(name: str, view: ConfusionMatrixView) -> list[str]:
    """The matrix as aligned text."""
    labels = [shortened(label, _LABEL) for label in view.labels[:CLASSES]]
    rows = [
        [label, *(value_text(cell) for cell in row[:CLASSES])]
        for label, row in zip(view.labels[:CLASSES], view.matrix, strict=False)
    ]
    columns = [Column(_CORNER), *(Column(label, is_number=True) for label in labels)]
    return Table(columns, rows, more=_rest(view), name=name).lines


def _cells(row: Sequence[JsonScalar], diagonal: int) -> list[Markup]:
    numbers = [float(cell) if is_finite_number(cell) else 0.0 for cell in row]  # type: ignore[arg-type]
    total = sum(map(abs, numbers)) or 1.0
    return [
        element(
            "td",
            {
                "class": "aml-cell",
                "align": "right",
                "style": _shade(number / total, at == diagonal),
            },
            value_text(cell),
        )
        for at, (cell, number) in enumerate(zip(row[:CLASSES], numbers, strict=False))
    ]


def _shade(share: float, is_right: bool) -> str | None:
    """Blue for right, orange for wrong; the number stays readable on both, in light and dark."""
    if share <= 0:
        return None
    ink = "59,130,246" if is_right else "240,120,0"
    return f"background:rgba({ink},{0.08 + 0.42 * min(share, 1.0):.2f})"


def _rest(view: ConfusionMatrixView) -> str:
    hidden = len(view.labels) - CLASSES
    return f"… {hidden:,} more classes" if hidden > 0 else ""
