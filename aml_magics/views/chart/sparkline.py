"""A curve the size of a word."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

from aml_magics.records.metric import is_finite_number
from aml_magics.views.chart.static_curve import box_around, line_path
from aml_magics.views.static.element import Attributes, Markup, element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.text.format import JsonScalar

WIDTH: Final = 52
HEIGHT: Final = 16
_BARS: Final = "▁▂▃▄▅▆▇█"


def sparkline_html(values: Sequence[JsonScalar]) -> Markup:
    """A small line without axes; the number beside it is what a screen reader reads."""
    numbers = numbers_of(values)
    steps = [float(at) for at in range(len(numbers))]
    box = box_around([(steps, numbers)], WIDTH, HEIGHT)
    line: Attributes = {
        "class": "aml-line",
        "fill": "none",
        "stroke": "currentColor",
        "stroke-width": 1.2,
    }
    path = element("path", {"d": line_path(steps, numbers, box), **line})
    size: Attributes = {"width": WIDTH, "height": HEIGHT, "viewBox": f"0 -1 {WIDTH} {HEIGHT + 2}"}
    return element("svg", {"class": "aml-spark", **size, "aria-hidden": "true"}, path)


def sparkline_text(values: Sequence[JsonScalar], columns: int = 16) -> str:
    """The curve as bars of text; a blank where there is no number."""
    means = _means(numbers_of(values), columns)
    finite = [mean for mean in means if math.isfinite(mean)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    return "".join(_bar(mean, low, high) for mean in means).rstrip()


def numbers_of(values: Sequence[JsonScalar]) -> list[float]:
    """The values as floats, NaN for what is no finite number."""
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
