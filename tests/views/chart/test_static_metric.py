"""The static form of metrics."""

from __future__ import annotations

from aml_magics.views.chart.metric import MetricView, PointsView
from aml_magics.views.chart.static_metric import curves_part, metrics_part


def _metric(name: str) -> MetricView:
    points = PointsView((0, 1), (0.0, 1.0), (1.0, 2.0))
    return MetricView(name, "scalar", 2, 2.0, 1.0, 2.0, points)


def test_metrics_keep_their_order_and_those_of_the_machine_are_last() -> None:
    metrics = [_metric(name) for name in ("system/cpu", "z", "a")]
    for part in (metrics_part(metrics), curves_part(metrics)):
        assert part is not None
        html = str(part.html)
        places = [html.index(name) for name in (">z<", ">a<", ">system/cpu<")]
        assert places == sorted(places)
