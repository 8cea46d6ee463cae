from __future__ import annotations

import pytest

from aml_magics.views.chart.predictions import prediction_charts
from tests.views.documents import NO_DOCUMENTS, PREDICTIONS


def test_mean_predictions_lie_beside_the_ideal_line_with_a_band_of_errors() -> None:
    chart, spread = prediction_charts(PREDICTIONS)
    mean, above, below, ideal = chart.series
    assert (mean.x, mean.y) == ((0.5, 1.5, 2.5, 3.5), (0.3, 1.4, None, 3.6))
    assert above.y == pytest.approx((0.4, 1.6, None, 4.0))
    assert below.y == pytest.approx((0.2, 1.2, None, 3.2))
    assert (ideal.style, ideal.x, ideal.y) == ("dashed", (0, 4), (0, 4))
    assert (spread.series[0].style, spread.series[0].y) == ("bars", (5, 9, 0, 2))


@pytest.mark.parametrize("errors", [None, [1], "no", ["a", "b", "c", "d"]])
def test_errors_that_are_no_numbers_have_no_band(errors: object) -> None:
    document = {"data": {**PREDICTIONS["data"], "bin_errors": errors}}
    chart, _ = prediction_charts(document)
    heights = [one.y for one in chart.series if one.style == "points"]
    assert all(height is None for series in heights for height in series)


@pytest.mark.parametrize("averages", [None, [1], ["a", None, True, {}]])
def test_without_averages_there_are_no_charts(averages: object) -> None:
    assert prediction_charts({"data": {**PREDICTIONS["data"], "bin_averages": averages}}) == ()


@pytest.mark.parametrize("document", NO_DOCUMENTS)
def test_what_are_no_predictions_has_no_charts(document: object) -> None:
    assert prediction_charts(document) == ()
