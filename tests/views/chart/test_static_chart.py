from __future__ import annotations

import numpy as np
import pytest

from aml_magics.records.metric import MetricKind
from aml_magics.views.chart.chart import ChartView, chart_series
from aml_magics.views.chart.static_chart import CURVES, POINTS, charts_html, charts_lines
from aml_magics.views.run.run import run_view_of
from aml_magics.views.run.static import run_page
from tests.views.documents import PREDICTIONS, RESIDUALS, accuracy_table, document, samples
from tests.views.samples import run_record, scalars, series, source
from tests.views.static.pages import PAYLOADS, Page, assert_fits, assert_harmless


def drawn(**documents: object) -> tuple[str, str]:
    kinds = {
        "accuracy_table": MetricKind.ACCURACY_TABLE,
        "residuals": MetricKind.RESIDUALS,
        "predictions": MetricKind.PREDICTIONS,
    }
    logged = [series(name, kinds[name], [name]) for name in documents]
    view = run_view_of(source(run_record(), *logged, documents=documents))
    return run_page(view).html, run_page(view).text


def paths(html: str) -> list[str]:
    return [str(attributes.get("d")) for tag, attributes in Page(html).elements if tag == "path"]


def test_all_charts_of_a_run_are_drawn_and_stay_small() -> None:
    html, text = drawn(
        accuracy_table=accuracy_table(*samples(5, 1_000), every=True),
        residuals=RESIDUALS,
        predictions=PREDICTIONS,
    )
    page = assert_harmless(html)
    assert sum(1 for tag, _ in page.elements if tag == "figure") == 8
    assert len(html) < 50_000
    assert max(path.count("L") for path in paths(html)) < POINTS
    assert_fits(text)
    for title in ("ROC", "Precision-recall", "Calibration", "Residuals", "Predicted vs. true"):
        assert title in page.text
        assert title in text
    assert "class 4 (AUC 0." in page.text


def test_each_chart_is_told_in_words() -> None:
    html, _ = drawn(residuals=RESIDUALS)
    labels = [
        attributes.get("aria-label") for tag, attributes in Page(html).elements if tag == "svg"
    ]
    assert labels == ["Residuals: count over residual; residuals"]


def test_bars_stand_on_zero_and_fill_the_width() -> None:
    html, _ = drawn(residuals=RESIDUALS)
    bars = next(path for path in paths(html) if path.endswith("Z"))
    assert bars.count("M") == 4
    assert bars.startswith("M0.5 80.0V")
    assert "H219.5V80.0Z" in bars


def test_a_gap_breaks_the_line() -> None:
    html, _ = drawn(predictions=PREDICTIONS)
    assert sum(1 for path in paths(html) if path.count("M") == 2 and "L" in path) == 1


def test_of_many_curves_the_last_are_drawn_and_the_rest_counted() -> None:
    many = tuple(chart_series(f"class {at}", "line", [0, 1], [0, at]) for at in range(20))
    html = charts_html("m", [ChartView("t", "x", "y", many)])
    assert f"… {20 - CURVES} more" in Page(html).text
    assert "class 19" in html


@pytest.mark.parametrize("values", [[1e308, -1e308], [None, None], [5e-324, 0], []])
def test_any_numbers_are_drawn(values: list[float | None]) -> None:
    for style in ("line", "points", "bars"):
        one = chart_series("a", style, range(len(values)), values)  # type: ignore[arg-type]
        html = charts_html("m", [ChartView("t", "x", "y", (one,))])
        assert "nan" not in html
        assert "inf" not in html


@pytest.mark.parametrize("text", PAYLOADS)
def test_hostile_labels_are_text(text: str) -> None:
    table = accuracy_table(*samples(2))
    table["data"]["class_labels"] = [text, text]
    html, words = drawn(accuracy_table=table)
    assert_harmless(html)
    assert_fits(words)
    assert_fits("\n".join(charts_lines(text, [])), 10_000)


def test_a_run_without_documents_has_no_charts() -> None:
    view = run_view_of(source(run_record(), scalars("loss", np.array([1.0, 2.0]))))
    assert "aml-bars" not in run_page(view).html
    assert drawn(residuals=document("residuals", {}))[0].count("<figure") == 0
