from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

import pytest

from aml_magics import Experiment, Workspace
from aml_magics.records.metric import MetricKind
from aml_magics.views.chart.chart import ChartView, chart_series, evenly, thinned
from aml_magics.views.chart.metric import DOCUMENT_KINDS, document_problem
from aml_magics.views.run.run import run_view
from tests.views.documents import NO_DOCUMENTS, PREDICTIONS, RESIDUALS, accuracy_table, samples


@pytest.fixture
def workspace() -> Workspace:
    return Workspace.create("w")


def test_values_that_are_not_finite_are_gaps_and_the_json_is_strict() -> None:
    series = chart_series("a", "line", [0, 1, math.nan, 3], [math.inf, 2, 3, math.nan])
    assert (series.x, series.y) == ((0, 1, 3), (None, 2, None))
    json.dumps(asdict(series), allow_nan=False)


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ([0.123456789, 1], (0.12346, 1)),
        ([1e9, 1e9 + 0.001234567], (1e9, 1e9 + 0.00123457)),
        ([-1e308, 1e308], (-1e308, 1e308)),
        ([5e-324, 0], (5e-324, 0)),
        ([7.123456789], (7.123456789,)),
    ],
)
def test_values_keep_the_digits_that_tell_them_apart(
    values: list[float], kept: tuple[float, ...]
) -> None:
    series = chart_series("a", "line", range(len(values)), values)
    assert series.y == pytest.approx(kept, rel=1e-12)


def test_places_are_picked_evenly_with_both_ends() -> None:
    assert evenly(3, 10) == [0, 1, 2]
    assert evenly(101, 5) == [0, 25, 50, 75, 100]


def test_a_saved_chart_has_fewer_points_and_all_its_bars() -> None:
    line = chart_series("a", "line", range(100), range(100))
    bars = chart_series("b", "bars", range(100), range(100))
    thin = thinned(ChartView("t", "x", "y", (line, bars)), 10)
    assert [len(one.x) for one in thin.series] == [10, 100]


@pytest.mark.parametrize("kind", DOCUMENT_KINDS)
@pytest.mark.parametrize("document", NO_DOCUMENTS)
def test_a_damaged_document_breaks_a_rule_that_is_told(kind: MetricKind, document: object) -> None:
    assert document_problem(kind, document) == DOCUMENT_KINDS[kind]


def test_what_is_no_document_has_no_problem() -> None:
    assert document_problem(MetricKind.IMAGE, None) == ""


def test_logged_documents_are_charts_of_the_run(workspace: Workspace) -> None:
    run = Experiment(workspace, "charts").start_logging()
    run.log_accuracy_table("table", accuracy_table(*samples(2)))
    run.log_residuals("residuals", RESIDUALS)
    run.log_predictions("predictions", json.dumps(PREDICTIONS))
    run.complete()
    view = run_view(workspace.store, run.id)
    counts = {metric.name: len(metric.charts) for metric in view.metrics}
    assert counts == {"table": 5, "residuals": 1, "predictions": 2}
    assert view.warnings == ()
    json.dumps(asdict(view), allow_nan=False)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"bin_edges": [1], "bin_counts": [2]}, "this does not hold: bin_edges ascends"),
        ({"bin_edges": [0] * 2_000_000, "bin_counts": []}, "more than 4.0 MB"),
    ],
)
def test_a_damaged_document_is_a_warning_and_hides_nothing(
    workspace: Workspace, data: dict[str, Any], problem: str
) -> None:
    run = Experiment(workspace, "charts").start_logging()
    run.log_residuals("errors", data)
    run.log("loss", 0.5)
    run.complete()
    view = run_view(workspace.store, run.id)
    assert [metric.name for metric in view.metrics] == ["errors", "loss"]
    assert [warning for warning in view.warnings if problem in warning]
    assert view.warnings[0].startswith("The residuals 'errors' cannot be shown: ")
