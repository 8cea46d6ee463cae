"""Figures at a few loads, sizes or names as inline SVG: evenly spaced places, and values from zero on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.static_curve import (
    HEIGHT,
    INK,
    WIDTH,
    Box,
    grid_html,
    line_path,
    swatch_html,
)
from aml_magics.views.static.element import Attributes, Markup, element
from aml_magics.views.text.format import number_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_EDGE: Final = 12
"""Pixels beside the first and the last place."""
_NAME: Final = f"width:{2 * _EDGE}px;text-align:center;overflow:hidden"
_ROW: Final = f"display:flex;justify-content:space-between;width:{WIDTH}px"
_OF: Final = "width:43px;margin-right:5px;text-align:right"


@dataclass(frozen=True, slots=True)
class CategoryChart:
    """Series by name, with a value at each of the places, which are numbers or names ``of`` something.

    ``unit`` is that of the values.
    """

    title: str
    unit: str
    of: str
    places: Sequence[str]
    series: Mapping[str, Sequence[float]]


def category_chart_html(chart: CategoryChart) -> Markup:
    """A chart from zero on, with a name below each place and a legend."""
    highest = max((value for values in chart.series.values() for value in values), default=0.0)
    box = Box(WIDTH, HEIGHT, 0, max(len(chart.places) - 1, 1), 0, highest or 1.0)
    size: Attributes = {"width": WIDTH, "height": HEIGHT, "viewBox": f"0 0 {WIDTH} {HEIGHT}"}
    drawing = [
        part
        for index, values in enumerate(chart.series.values())
        for part in _series(box, index, values)
    ]
    picture = element(
        "svg", {**size, "role": "img", "aria-label": _spoken(chart)}, grid_html(), *drawing
    )
    names = [element("small", {"style": _NAME}, one) for one in chart.places]
    keys = [
        element("span", None, swatch_html(index), f" {name} ")
        for index, name in enumerate(chart.series)
    ]
    ends = {"data-high": number_text(box.high, 3), "data-low": "0"}
    return element(
        "figure",
        {"class": "aml-curve"},
        element("figcaption", None, element("strong", None, chart.title), " ", chart.unit),
        element("div", {"class": "aml-plot", **ends}, picture),
        element(
            "div",
            {"style": "display:flex"},
            element("small", {"style": _OF}, chart.of),
            element("div", {"style": _ROW}, names),
        ),
        element("small", {"style": "margin-left:48px"}, keys) if len(keys) > 1 else None,
    )


def _across(box: Box, at: int) -> float:
    """The pixel of a place, with room for its name at both edges."""
    return _EDGE + box.across(at) * (box.width - 2 * _EDGE) / box.width


def _series(box: Box, index: int, values: Sequence[float]) -> list[Markup]:
    ink = INK[index % len(INK)]
    inner = Box(box.width - 2 * _EDGE, box.height, box.left, box.right, box.low, box.high)
    line: Attributes = {
        "d": line_path(range(len(values)), values, inner),
        "transform": f"translate({_EDGE} 0)",
        "fill": "none",
        "stroke": ink,
        "stroke-width": 1.5,
        "stroke-dasharray": "6 2" if index else None,
    }
    dots = [
        element(
            "circle",
            {"cx": f"{_across(box, at):.1f}", "cy": f"{box.down(value):.1f}", "r": 3, "fill": ink},
        )
        for at, value in enumerate(values)
    ]
    return [element("path", line), *dots]


def _spoken(chart: CategoryChart) -> str:
    """All values in words: there are few."""
    series = [
        f"{name} {', '.join(number_text(value, 3) for value in values)}".strip()
        for name, values in chart.series.items()
    ]
    title = f"{chart.title} in {chart.unit}" if chart.unit else chart.title
    return f"{title} at {', '.join(chart.places)} {chart.of}: {'; '.join(series)}"
