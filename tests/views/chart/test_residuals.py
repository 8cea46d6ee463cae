from __future__ import annotations

import pytest

from aml_magics.views.chart.chart import ChartSeriesView, ChartView
from aml_magics.views.chart.residuals import residual_charts
from tests.views.documents import NO_DOCUMENTS, RESIDUALS


def test_residuals_are_a_histogram() -> None:
    bars = ChartSeriesView("residuals", "bars", (-1.5, -0.5, 0.5, 1.5), (3, 20.5, 18, 4))
    assert residual_charts(RESIDUALS) == (ChartView("Residuals", "residual", "count", (bars,)),)


def test_narrow_bins_far_from_zero_stay_apart() -> None:
    edges = [1e9 + step / 1_000 for step in range(11)]
    (chart,) = residual_charts({"data": {"bin_edges": edges, "bin_counts": [1] * 10}})
    assert len(set(chart.series[0].x)) == 10


@pytest.mark.parametrize("document", NO_DOCUMENTS)
def test_what_is_no_histogram_has_no_charts(document: object) -> None:
    assert residual_charts(document) == ()
