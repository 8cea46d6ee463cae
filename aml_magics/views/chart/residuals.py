"""A histogram of residuals, from what ``log_residuals`` logs."""

from __future__ import annotations

from typing import Final

from aml_magics.views.chart.chart import (
    ChartView,
    bin_edges,
    centers,
    chart_series,
    data_of,
    finite_numbers,
)

RULE: Final = "bin_edges ascends and has one number more than bin_counts"


def residual_charts(document: object) -> tuple[ChartView, ...]:
    """The histogram; empty if the document holds no bins."""
    data = data_of(document)
    counts = finite_numbers(data.get("bin_counts"))
    edges = bin_edges(data, len(counts or ()))
    if counts is None or edges is None:
        return ()
    bars = chart_series("residuals", "bars", centers(edges), counts)
    return (ChartView("Residuals", "residual", "count", (bars,)),)
