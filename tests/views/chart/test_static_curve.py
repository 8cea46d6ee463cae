from __future__ import annotations

import math

import numpy as np
import pytest

from aml_magics.store.tables.metric import head_of
from aml_magics.views.chart.metric import PointsView, metric_view
from aml_magics.views.chart.static_curve import (
    box_around,
    curve_html,
    line_path,
    overlay_html,
    sparkline_html,
    sparkline_text,
    stretches,
    thinned,
)
from tests.views.samples import scalars
from tests.views.static.pages import Page


def _points(values: list[float]) -> PointsView:
    logged = scalars("m", np.array(values, np.float64))
    points = metric_view(head_of(logged), logged).points
    assert points is not None
    return points


def test_a_line_runs_from_corner_to_corner() -> None:
    box = box_around([([0, 1, 2], [1, 3, 2])], 100, 50)

    assert line_path([0, 1, 2], [1, 3, 2], box) == "M0 50L50 0L100 25"


def test_a_line_breaks_at_a_gap_and_a_lone_point_is_a_dot() -> None:
    values = [1, math.nan, 3, math.inf, 2, 1]
    box = box_around([(range(6), values)], 100, 50)

    assert stretches(values) == [(0, 1), (2, 3), (4, 6)]
    assert line_path(range(6), values, box) == "M0 50h0M40 0h0M80 25L100 50"


@pytest.mark.parametrize(
    "values", [[1, 1, 1], [-1e308, 1e308], [5e-324, 0], [1e308, 1e308], [0.1, math.nan, 0.1]]
)
def test_any_range_can_be_drawn(values: list[float]) -> None:
    html = curve_html("m", _points(values), "x", len(values)) + sparkline_html(values)

    assert "nan" not in html
    assert "inf" not in html
    assert len(sparkline_text(values)) == len(values)


def test_the_drawing_keeps_the_peak_of_ten_thousand_points() -> None:
    values = [0.0] * 10_000
    values[5_555] = 7.0
    steps, drawn = thinned(_points(values), 120)

    assert len(steps) <= 120
    assert 7.0 in drawn
    assert steps[drawn.index(7.0)] == 5_555


def test_a_curve_is_spoken_and_its_axes_are_labelled() -> None:
    page = Page(curve_html("accuracy", _points([0.1, 0.9, 0.8]), "0.8", 3))
    attributes = {name: value for _, each in page.elements for name, value in each.items()}

    assert attributes["aria-label"] == (
        "accuracy: 3 points, steps 0 to 2, lowest 0.1, highest 0.9, last 0.8"
    )
    assert (attributes["data-high"], attributes["data-low"]) == ("0.9", "0.1")
    assert page.text == "accuracy 0.8"


def test_steps_too_large_for_a_number_are_counted() -> None:
    points = PointsView((str(2**60), str(2**61)), (0.0, 1.0), (1.0, 2.0))

    assert thinned(points, 10)[0] == [0.0, 1.0]


def test_curves_over_each_other_differ_by_more_than_colour() -> None:
    page = Page(overlay_html("m", [_points([1, 2]), None, _points([2, 1])]))
    lines = [each for tag, each in page.elements if tag == "path" and "class" not in each]

    assert len(lines) == 2
    assert len({each.get("stroke-dasharray") for each in lines}) == 2


def test_a_sparkline_of_text_has_a_blank_for_a_gap() -> None:
    assert sparkline_text([0.0, "NaN", 1.0]) == "▁ █"
    assert sparkline_text(["NaN"]) == ""
    assert len(sparkline_text([float(n) for n in range(1_000)], 16)) == 16
