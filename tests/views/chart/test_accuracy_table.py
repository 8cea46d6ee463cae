from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve, roc_auc_score, roc_curve

from aml_magics.views.chart.accuracy_table import accuracy_charts
from tests.views.documents import NO_DOCUMENTS, accuracy_table, samples

if TYPE_CHECKING:
    from aml_magics.views.chart.chart import ChartSeriesView, ChartView

# A curve has digits for a ten-thousandth of its span.
CLOSE = 1e-4


def chart(charts: tuple[ChartView, ...], title: str) -> ChartView:
    return next(one for one in charts if one.title == title)


def curve(charts: tuple[ChartView, ...], title: str, name: str) -> ChartSeriesView:
    return next(one for one in chart(charts, title).series if one.name.startswith(name))


def test_five_charts_are_drawn_with_a_curve_for_each_class_and_two_averages() -> None:
    charts = accuracy_charts(accuracy_table(*samples(3)))
    assert [one.title for one in charts] == [
        *("Precision-recall", "ROC", "Cumulative gain", "Lift", "Calibration")
    ]
    names = [one.name for one in chart(charts, "Cumulative gain").series]
    assert names == ["class 0", "class 1", "class 2", "micro average", "macro average", "random"]
    assert [one.style for one in chart(charts, "ROC").series] == ["line"] * 5 + ["dashed"]


def test_roc_curves_are_those_of_scikit_learn() -> None:
    truth, scores = samples(3, count=90)
    charts = accuracy_charts(accuracy_table(truth, scores, every=True))
    for place in range(3):
        false, true, _ = roc_curve(truth == place, scores[:, place], drop_intermediate=False)
        drawn = curve(charts, "ROC", f"class {place}")
        assert drawn.x == pytest.approx(false, abs=CLOSE)
        assert drawn.y == pytest.approx(true, abs=CLOSE)
        area = roc_auc_score(truth == place, scores[:, place])
        assert drawn.name == f"class {place} (AUC {area:.4g})"


def test_precision_and_recall_are_those_of_scikit_learn() -> None:
    truth, scores = samples(2, count=90)
    charts = accuracy_charts(accuracy_table(truth, scores, every=True))
    precision, recall, _ = precision_recall_curve(truth == 1, scores[:, 1], drop_intermediate=False)
    drawn = curve(charts, "Precision-recall", "class 1")
    assert drawn.x == pytest.approx(recall[::-1], abs=CLOSE)
    assert drawn.y == pytest.approx(precision[::-1], abs=CLOSE)


def test_calibration_is_that_of_scikit_learn() -> None:
    truth, scores = samples(2)
    charts = accuracy_charts(accuracy_table(truth, scores))
    share, mean = calibration_curve(truth == 1, scores[:, 1], n_bins=10)
    drawn = curve(charts, "Calibration", "class 1")
    assert drawn.y == pytest.approx(share, abs=CLOSE)
    # The document does not hold the mean probability of a bin; its middle is at most half a bin away.
    assert drawn.x == pytest.approx(mean, abs=0.05)


def test_gain_and_lift_compare_with_calling_samples_at_random() -> None:
    truth, scores = samples(2, count=100)
    charts = accuracy_charts(accuracy_table(truth, scores, every=True))
    best = np.argsort(-scores[:, 1])
    recall = np.cumsum(truth[best]) / truth.sum()
    share = np.arange(1, 101) / 100
    gain, lift = curve(charts, "Cumulative gain", "class 1"), curve(charts, "Lift", "class 1")
    assert gain.x == pytest.approx([0, *share], abs=CLOSE)
    assert gain.y == pytest.approx([0, *recall], abs=CLOSE)
    assert lift.x == pytest.approx(share, abs=CLOSE)
    assert lift.y == pytest.approx(recall / share, abs=CLOSE * 10)


def test_averages_are_over_samples_and_over_classes() -> None:
    truth, scores = samples(4, count=120)
    charts = accuracy_charts(accuracy_table(truth, scores, every=True))
    flat = np.eye(4)[truth].ravel()
    micro = curve(charts, "ROC", "micro average")
    assert _area(micro) == pytest.approx(roc_auc_score(flat, scores.ravel()), abs=2e-3)
    grid = np.linspace(0, 1, 101)
    each = [roc_curve(truth == one, scores[:, one])[:2] for one in range(4)]
    mean = np.mean([np.interp(grid, *one) for one in each], axis=0)
    # Where a curve stands straight up either end may be taken.
    assert curve(charts, "ROC", "macro average").y[1:] == pytest.approx(mean[1:], abs=0.02)


def _area(series: ChartSeriesView) -> float:
    x, y = np.array(series.x), np.array(series.y, np.float64)
    return float(((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2).sum())


def test_of_many_classes_only_the_averages_are_drawn() -> None:
    charts = accuracy_charts(accuracy_table(*samples(30)))
    for one in charts[:-1]:
        names = [series.name.partition(" (")[0] for series in one.series if series.style == "line"]
        assert names == ["micro average", "macro average"]


def test_a_curve_has_at_most_200_points_and_a_view_stays_small() -> None:
    charts = accuracy_charts(accuracy_table(*samples(5, 3_000), every=True, thresholds=1_001))
    series = [one for chart in charts for one in chart.series]
    assert max(len(one.x) for one in series) == 200
    text = json.dumps([asdict(one) for one in charts], allow_nan=False)
    assert len(text) < 120_000


def test_a_class_without_samples_hides_no_other() -> None:
    truth, scores = samples(3)
    truth[truth == 2] = 1
    charts = accuracy_charts(accuracy_table(truth, scores))
    names = [one.name.partition(" (")[0] for one in chart(charts, "ROC").series]
    assert names == ["class 0", "class 1", "micro average", "macro average", "random"]


def test_azures_own_example_is_drawn() -> None:
    table = [[82, 118, 0, 0], [75, 31, 87, 7], [66, 9, 109, 16], [46, 2, 116, 36], [0, 0, 118, 82]]
    data = {
        "probability_tables": [table, table, table],
        "percentile_tables": [table, table, table],
        "probability_thresholds": [0.0, 0.25, 0.5, 0.75, 1.0],
        "percentile_thresholds": [0.0, 0.01, 0.24, 0.98, 1.0],
        "class_labels": ["0", "1", "2"],
    }
    charts = accuracy_charts({"schema_type": "accuracy_table", "data": data})
    assert curve(charts, "ROC", "0").x == pytest.approx(
        [0, 2 / 118, 9 / 118, 31 / 118, 1], abs=CLOSE
    )
    assert curve(charts, "Calibration", "0").y == pytest.approx(
        [7 / 94, 9 / 31, 20 / 27, 46 / 48], abs=CLOSE
    )


@pytest.mark.parametrize("change", [{"percentile_tables": None}, {"percentile_tables": [[[1]]]}])
def test_the_percentile_tables_can_be_missing(change: dict[str, Any]) -> None:
    document = accuracy_table(*samples(2))
    document["data"].update(change)
    assert len(accuracy_charts(document)) == 5


@pytest.mark.parametrize(
    "change", [{"probability_thresholds": None}, {"probability_thresholds": [0.5]}]
)
def test_without_thresholds_there_is_no_calibration(change: dict[str, Any]) -> None:
    document = accuracy_table(*samples(2))
    document["data"].update(change)
    assert [one.title for one in accuracy_charts(document)][-1] == "Lift"


def test_classes_of_one_label_stay_two() -> None:
    document = accuracy_table(*samples(2))
    document["data"]["class_labels"] = ["same", "same"]
    names = [one.name for one in chart(accuracy_charts(document), "Lift").series]
    assert names == ["same (0)", "same (1)", "random"]


@pytest.mark.parametrize("document", NO_DOCUMENTS)
def test_what_is_no_accuracy_table_has_no_charts(document: object) -> None:
    assert accuracy_charts(document) == ()
