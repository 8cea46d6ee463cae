"""Curves as inline SVG: a single curve, an overlay, or a sparkline."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.records.metric import is_finite_number
from aml_magics.views.chart.decimation import keep_extremes
from aml_magics.views.static.element import Attributes, Markup, element
from aml_magics.views.text.format import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.chart.metric import PointsView
    from aml_magics.views.text.encoding import JsonScalar

WIDTH: Final = 220
HEIGHT: Final = 80
POINTS: Final = 120
MOST_CURVES: Final = 12
INK: Final = ("#3b82f6", "#f08c00", "#0ca678", "#e64980", "#845ef7", "#868e96")
_DASHES: Final = (None, "6 2", "2 2", "8 2 2 2", "1 3", "10 3")
SPARK_WIDTH: Final = 52
SPARK_HEIGHT: Final = 16
_BARS: Final = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Box:
    """The plot area: its size in pixels, and the values at its edges."""

    width: float
    height: float
    left: float
    right: float
    low: float
    high: float

    def across(self, x: float) -> float:
        """Map a step to its x pixel."""
        return _share(x, self.left, self.right) * self.width

    def down(self, y: float) -> float:
        """Map a value to its y pixel."""
        return (1 - _share(y, self.low, self.high)) * self.height


def box_around(
    lines: Sequence[tuple[Sequence[float], Sequence[float]]], width: float, height: float
) -> Box:
    """The smallest plot area that holds the finite points of (steps, values) lines."""
    xs = [x for steps, _ in lines for x in steps]
    ys = [y for _, values in lines for y in values if math.isfinite(y)]
    return Box(
        width,
        height,
        min(xs, default=0),
        max(xs, default=0),
        min(ys, default=0),
        max(ys, default=0),
    )


def line_path(steps: Sequence[float], values: Sequence[float], box: Box) -> str:
    """The SVG path ``d`` of a curve; it breaks at values that are not finite, a lone point is a dot."""
    parts: list[str] = []
    for start, stop in stretches(values):
        positions = [
            f"{_pixel(box.across(steps[at]))} {_pixel(box.down(values[at]))}"
            for at in range(start, stop)
        ]
        parts.append(f"M{'L'.join(positions)}" + ("h0" if len(positions) == 1 else ""))
    return "".join(parts)


def stretches(values: Sequence[float]) -> list[tuple[int, int]]:
    """Start and stop indices of unbroken stretches of finite values."""
    found: list[tuple[int, int]] = []
    start = None
    for at, value in enumerate([*values, math.nan]):
        if math.isfinite(value):
            start = at if start is None else start
        elif start is not None:
            found.append((start, at))
            start = None
    return found


def curve_html(name: str, points: PointsView, last: str, count: int) -> Markup:
    """A metric's curve with its name, last value and axis limits."""
    steps, values = thinned(points, POINTS)
    box = box_around([(steps, values)], WIDTH, HEIGHT)
    line = line_path(steps, values, box)
    end = _last_finite(values)
    drawing = [
        _area(steps, values, box),
        _stroke(line, {"class": "aml-line", "stroke": "currentColor"}),
        _dot(box.across(steps[end]), box.down(values[end])),
    ]
    return _figure(name, last, box, _spoken(name, box, last, count), drawing)


def overlay_html(name: str, curves: Sequence[PointsView | None]) -> Markup:
    """The curves of several runs in one plot, in the colours of :func:`swatch_html`."""
    shown = [
        (index, thinned(points, POINTS))
        for index, points in enumerate(curves[:MOST_CURVES])
        if points is not None
    ]
    box = box_around([line for _, line in shown], WIDTH, HEIGHT)
    drawing = [_stroke(line_path(*line, box), _ink(index)) for index, line in shown]
    spoken = f"{name}: curves of {len(shown)} runs, {_range(box)}"
    return _figure(name, "", box, spoken, drawing)


def swatch_html(index: int) -> Markup:
    """The legend swatch of the run at a position."""
    drawing = _stroke("M0 5H22", _ink(index))
    attributes: Attributes = {
        "width": 22,
        "height": 10,
        "viewBox": "0 0 22 10",
        "aria-hidden": "true",
    }
    return element("svg", attributes, drawing)


def thinned(points: PointsView, limit: int) -> tuple[list[float], list[float]]:
    """Decimated steps and values; steps too large for a number are renumbered."""
    numbers = points.numbers()
    kept = keep_extremes(numbers, limit)
    exact = [step for step in points.steps if not isinstance(step, str)]
    steps = exact if len(exact) == len(numbers) else list(range(len(numbers)))
    return [float(steps[at]) for at in kept], [numbers[at] for at in kept]


def _figure(name: str, last: str, box: Box, spoken: str, drawing: Sequence[Markup]) -> Markup:
    frame = f"0 0 {WIDTH} {HEIGHT}"
    picture: Attributes = {"width": WIDTH, "height": HEIGHT, "viewBox": frame, "role": "img"}
    svg = element("svg", {**picture, "aria-label": spoken}, grid_html(), *drawing)
    labels = {"data-high": number_text(box.high, 3), "data-low": number_text(box.low, 3)}
    ends = {"data-first": f"step {box.left:,.0f}", "data-last": f"{box.right:,.0f}"}
    return element(
        "figure",
        {"class": "aml-curve"},
        element(
            "figcaption",
            None,
            element("span", {"title": name}, name),
            " ",
            element("strong", None, last),
        ),
        element("div", {"class": "aml-plot", **labels}, svg),
        element("div", {"class": "aml-steps", **ends}),
    )


def grid_html() -> Markup:
    """Grid lines at the top, the middle and the bottom of a chart."""
    rows = "".join(f"M0 {y}H{WIDTH}" for y in (0, HEIGHT // 2, HEIGHT))
    return _stroke(rows, {"class": "aml-grid", "stroke": "#8884"}, width=1)


def _stroke(path: str, attributes: dict[str, str | None], width: float = 1.5) -> Markup:
    ends = {"stroke-linecap": "round", "stroke-linejoin": "round"}
    return element("path", {"d": path, "fill": "none", "stroke-width": width, **ends, **attributes})


def _area(steps: Sequence[float], values: Sequence[float], box: Box) -> Markup:
    down = _pixel(box.height)
    parts = [
        f"{line_path(steps[start:stop], values[start:stop], box)}"
        f"L{_pixel(box.across(steps[stop - 1]))} {down}L{_pixel(box.across(steps[start]))} {down}Z"
        for start, stop in stretches(values)
        if stop - start > 1
    ]
    return element("path", {"class": "aml-area", "d": "".join(parts), "fill": "none"})


def _dot(x: float, y: float) -> Markup:
    centre = {"cx": _pixel(x), "cy": _pixel(y), "r": "2.5"}
    return element("circle", {"class": "aml-dot", **centre, "fill": "currentColor"})


def _ink(index: int) -> dict[str, str | None]:
    turn = index // len(INK)
    dash = _DASHES[(index + turn) % len(_DASHES)]
    return {"stroke": INK[index % len(INK)], "stroke-dasharray": dash}


def _spoken(name: str, box: Box, last: str, count: int) -> str:
    return f"{name}: {count:,} points, {_range(box)}, last {last}"


def _range(box: Box) -> str:
    return (
        f"steps {box.left:,.0f} to {box.right:,.0f}, "
        f"lowest {number_text(box.low)}, highest {number_text(box.high)}"
    )


def _last_finite(values: Sequence[float]) -> int:
    return next(at for at in range(len(values) - 1, -1, -1) if math.isfinite(values[at]))


def _share(value: float, low: float, high: float) -> float:
    # Halved, because the distance of two doubles can be too large for a double.
    span = high / 2 - low / 2
    return 0.5 if span <= 0 else (value / 2 - low / 2) / span


def _pixel(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def sparkline_html(values: Sequence[JsonScalar]) -> Markup:
    """A sparkline, hidden from screen readers, which read the number beside it."""
    numbers = numbers_of(values)
    steps = [float(at) for at in range(len(numbers))]
    box = box_around([(steps, numbers)], SPARK_WIDTH, SPARK_HEIGHT)
    line: Attributes = {
        "class": "aml-line",
        "fill": "none",
        "stroke": "currentColor",
        "stroke-width": 1.2,
    }
    path = element("path", {"d": line_path(steps, numbers, box), **line})
    size: Attributes = {
        "width": SPARK_WIDTH,
        "height": SPARK_HEIGHT,
        "viewBox": f"0 -1 {SPARK_WIDTH} {SPARK_HEIGHT + 2}",
    }
    return element("svg", {"class": "aml-spark", **size, "aria-hidden": "true"}, path)


def sparkline_text(values: Sequence[JsonScalar], columns: int = 16) -> str:
    """A sparkline of text bars; blanks mark missing numbers."""
    means = _means(numbers_of(values), columns)
    finite = [mean for mean in means if math.isfinite(mean)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    return "".join(_bar(mean, low, high) for mean in means).rstrip()


def numbers_of(values: Sequence[JsonScalar]) -> list[float]:
    """The values as floats, NaN for anything but a finite number."""
    return [float(value) if is_finite_number(value) else math.nan for value in values]  # type: ignore[arg-type]


def _means(numbers: list[float], columns: int) -> list[float]:
    if len(numbers) <= columns:
        return numbers
    edges = [round(at * len(numbers) / columns) for at in range(columns + 1)]
    return [_mean(numbers[start:stop]) for start, stop in itertools.pairwise(edges)]


def _mean(numbers: list[float]) -> float:
    finite = [number for number in numbers if math.isfinite(number)]
    return sum(number / len(finite) for number in finite) if finite else math.nan


def _bar(value: float, low: float, high: float) -> str:
    if not math.isfinite(value):
        return " "
    span = high / 2 - low / 2
    share = 0.5 if span <= 0 else (value / 2 - low / 2) / span
    return _BARS[min(int(share * len(_BARS)), len(_BARS) - 1)]
