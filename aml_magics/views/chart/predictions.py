"""Predictions against true values, from what ``log_predictions`` logs."""

from __future__ import annotations

from typing import Any, Final

from aml_magics.records.metric import is_finite_number
from aml_magics.views.chart.chart import (
    ChartSeriesView,
    ChartView,
    bin_edges,
    centers,
    chart_series,
    data_of,
    finite_numbers,
)

RULE: Final = (
    "bin_averages and bin_counts have one number a bin, and bin_edges ascends and has one more"
)


def prediction_charts(document: object) -> tuple[ChartView, ...]:
    """Mean prediction per true value, and the histogram of true values; empty without bins."""
    data = data_of(document)
    counts = finite_numbers(data.get("bin_counts"))
    averages = data.get("bin_averages")
    edges = bin_edges(data, len(counts or ()))
    if counts is None or edges is None or not isinstance(averages, list):
        return ()
    if len(averages) != len(counts):
        return ()
    truth = centers(edges)
    means = [_mean(*pair) for pair in zip(averages, counts, strict=True)]
    if not any(mean is not None for mean in means):
        return ()
    ends = (edges[0], edges[-1])
    predicted = (
        chart_series("mean prediction", "line", truth, means),
        *_band(truth, means, data.get("bin_errors")),
        chart_series("ideal", "dashed", ends, ends),
    )
    spread = chart_series("true values", "bars", truth, counts)
    return (
        ChartView("Predicted vs. true", "true value", "predicted value", predicted),
        ChartView("True values", "true value", "count", (spread,)),
    )


def _mean(average: object, count: float) -> float | None:
    """The mean of a bin; None for an empty bin, whatever the document says."""
    return float(average) if count > 0 and is_finite_number(average) else None  # type: ignore[arg-type]


def _band(truth: list[float], means: list[float | None], errors: Any) -> list[ChartSeriesView]:  # noqa: ANN401 -- parsed JSON
    """Error bands above and below the means, if the document has errors."""
    if not isinstance(errors, list) or len(errors) != len(means):
        return []
    sides = (("mean + error", 1), ("mean − error", -1))  # noqa: RUF001 -- a minus sign
    return [
        chart_series(
            name,
            "points",
            truth,
            [
                mean + sign * float(error) if mean is not None and is_finite_number(error) else None
                for mean, error in zip(means, errors, strict=True)
            ],
        )
        for name, sign in sides
    ]
