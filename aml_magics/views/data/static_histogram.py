"""A histogram the size of a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.sparkline import HEIGHT, sparkline_text
from aml_magics.views.static.element import Attributes, Markup, element

if TYPE_CHECKING:
    from aml_magics.views.data.column import HistogramView

WIDTH: Final = 80
_MOST_BINS: Final = 100


def histogram_html(histogram: HistogramView) -> Markup:
    """Bars of the counts; a bin that is not empty has one that can be seen."""
    counts = histogram.counts[:_MOST_BINS]
    highest = max(counts, default=0) or 1
    step = WIDTH / max(1, len(counts))
    bars = "".join(_bar(place * step, step, count / highest) for place, count in enumerate(counts))
    size: Attributes = {"width": WIDTH, "height": HEIGHT, "viewBox": f"0 0 {WIDTH} {HEIGHT}"}
    path = element("path", {"class": "aml-dot", "d": bars, "fill": "currentColor"})
    spoken = f"Histogram: {', '.join(f'{count:,}' for count in counts)}"
    return element("svg", {**size, "role": "img", "aria-label": spoken}, path)


def histogram_text(histogram: HistogramView) -> str:
    """The same as bars of text."""
    return sparkline_text(histogram.counts[:_MOST_BINS], len(histogram.counts[:_MOST_BINS]))


def _bar(left: float, width: float, share: float) -> str:
    if share <= 0:
        return ""
    top = HEIGHT - max(1.0, share * HEIGHT)
    return f"M{left:.4g} {HEIGHT}V{top:.3g}h{width * 0.9:.3g}V{HEIGHT}"
