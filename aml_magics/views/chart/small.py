"""Reduction of texts, numbers and curves to what a saved output needs to draw them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.views.chart.decimation import keep_extremes
from aml_magics.views.chart.metric import PointsView
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from aml_magics.views.text.encoding import JsonScalar

SERIES_POINTS: Final = 250
POINTS: Final = 400
FEWEST_POINTS: Final = 20
"""Minimum points per curve; if that is too much in all, the last curves get none."""

COMPARED: Final = 1_000
TEXT: Final = 400


def points_each(count: int) -> int:
    """The point budget per curve when ``count`` curves share an output."""
    return max(FEWEST_POINTS, min(SERIES_POINTS, POINTS // max(1, count)))


def small_curve(points: PointsView, limit: int) -> PointsView:
    """A curve with fewer points and digits that keeps every peak."""
    kept = keep_extremes(points.numbers(), limit)
    return PointsView(
        tuple(points.steps[at] for at in kept),
        tuple(rounded(points.times[at]) for at in kept),
        tuple(small_value(points.values[at], TEXT) for at in kept),
    )


def small_value(value: JsonScalar, most: int) -> JsonScalar:
    """A value with long texts cut and numbers rounded."""
    return clipped(value, most) if isinstance(value, str) else rounded(value)


def exact(value: JsonScalar, most: int) -> JsonScalar:
    """A user-set value: long texts cut, numbers with all digits."""
    return clipped(value, most) if isinstance(value, str) else value


def small_tags(tags: dict[str, str | None], most: int) -> dict[str, str | None]:
    """Tags with long values cut."""
    return {name: value and clipped(value, most) for name, value in tags.items()}


def rounded(value: Any, digits: int = 6) -> Any:  # noqa: ANN401 -- the kind of number that it is given
    """Round a float to six significant digits; return anything else unchanged."""
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value
