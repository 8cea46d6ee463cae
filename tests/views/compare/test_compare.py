from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from aml_magics.services.run import metric, run
from aml_magics.store.tables.metric import head_of
from aml_magics.views.compare import compare
from aml_magics.views.compare.compare import compare_view, compare_view_of, compared_metric
from aml_magics.views.compare.output import compare_output
from aml_magics.views.compare.subject import CompareSubject
from aml_magics.views.run.query import RunQuery
from tests.views.live_run import started
from tests.views.samples import run_record, scalars

if TYPE_CHECKING:
    import pytest

    from aml_magics.store.store import Store


def test_a_difference_is_marked_and_an_absent_value_is_one() -> None:
    records = [
        run_record(key=1, params={"lr": 0.1, "depth": 3, "flag": True}),
        run_record(key=2, params={"lr": 0.2, "depth": 3, "flag": 1, "new": None}),
    ]
    differs = {row.name: row.differs for row in compare_view_of(records, {}, {}).params}

    assert differs == {"lr": True, "depth": False, "flag": True, "new": False}


def test_the_best_loss_is_the_lowest_and_the_best_score_the_highest() -> None:
    assert compared_metric("val_loss", [0.3, 0.1, 0.2]).best == (1,)
    assert compared_metric("accuracy", [0.9, 0.9, 0.8]).best == (0, 1)


def test_of_an_unknown_metric_only_the_extremes_are_marked() -> None:
    row = compared_metric("fit seconds", [3, 1, None, 2])

    assert (row.low, row.high, row.best) == ((1,), (0,), ())


def test_equal_values_have_no_best() -> None:
    assert compared_metric("accuracy", [0.9, 0.9]).best == ()


def test_nan_and_text_are_never_best() -> None:
    row = compared_metric("accuracy", [math.nan, 0.5, "n/a", math.inf, 0.4])

    assert row.best == (1,)
    assert row.values == ("NaN", 0.5, "n/a", "Infinity", 0.4)


def test_stored_runs_have_their_curves_over_each_other(sqlite_store: Store) -> None:
    store = sqlite_store
    records = [run.start(store, "digits"), run.start(store, "digits")]
    journal = metric.writer(store, records[0])
    for value in (3.0, 2.0, 1.0):
        journal.number("loss", value)
    metric.writer(store, records[1]).number("loss", 0.5)
    view = compare_view(store, records)

    assert view.metrics[0].values == (1.0, 0.5)
    assert view.metrics[0].best == (1,)
    assert view.overlays[0].curves[0] is not None
    assert view.overlays[0].curves[1] is None
    assert json.dumps(asdict(view), allow_nan=False)


def test_a_comparison_of_many_metrics_has_so_many_curves_as_can_be_drawn(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "MOST_CURVES", 6)
    monkeypatch.setattr(compare, "MOST_POINTS", 60)
    store = sqlite_store
    records = [run.start(store, "e") for _ in range(2)]
    for record in records:
        journal = metric.writer(store, record)
        for name in range(5):
            for value in range(100):
                journal.number(f"m{name}", float(value))
        journal.number("once", 1.0)

    view = compare_view(store, records)

    assert [one.name for one in view.metrics] == ["m0", "m1", "m2", "m3", "m4", "once"]
    assert [one.name for one in view.overlays] == ["m0", "m1", "m2"]
    drawn = [len(curve.values) for one in view.overlays for curve in one.curves if curve]
    assert len(drawn) == 6
    assert max(drawn) <= 10


def test_the_first_metric_that_has_a_direction_and_differs_is_the_objective() -> None:
    records = [run_record(key=1), run_record(key=2)]
    heads = {
        key: [head_of(scalars(name, np.array([value]))) for name, value in values]
        for key, values in {
            1: [("system/cpu", 1.0), ("gap", 1.0), ("loss", 0.5), ("acc", 0.1)],
            2: [("gap", 2.0), ("loss", 0.5), ("acc", 0.2)],
        }.items()
    }
    view = compare_view_of(records, heads, {})
    told = compare_view_of(records, heads, {}, goals={"lost": "lower", "gap": "lower"})

    assert [one.name for one in view.metrics] == ["gap", "loss", "acc", "system/cpu"]
    assert (view.objective, view.metrics[0].best) == ("acc", ())
    assert (told.objective, told.metrics[0].best) == ("gap", (0,))
    assert compare_view_of(records, {}, {}).objective is None


def test_curves_are_of_the_first_runs_alone(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "CURVED_RUNS", 2)
    records = [started(sqlite_store, 1.0, 2.0) for _ in range(3)]
    view = compare_view(sqlite_store, records, more=7)

    assert [curve is not None for curve in view.overlays[0].curves] == [True, True, False]
    assert view.metrics[0].values == (2.0, 2.0, 2.0)
    assert view.more == 7


def test_the_output_of_many_runs_holds_the_first_and_the_query() -> None:
    records = [run_record(key=at, id=f"id-{at}", params={"lr": at}) for at in range(900)]
    heads = {at: [head_of(scalars("loss", np.array([float(900 - at)])))] for at in range(900)}
    view = compare_view_of(records, heads, {})
    subject = CompareSubject(query=RunQuery(experiment="digits"), goals={"loss": "lower"})
    snapshot = compare_output("lab", view, subject).snapshot

    kept = len(snapshot["view"]["runs"])
    assert 20 <= kept <= 160
    assert snapshot["view"]["more"] == 900 - kept
    assert len(snapshot["view"]["params"][0]["values"]) == kept
    assert snapshot["view"]["metrics"][0]["best"] == []
    assert snapshot["subject"] == {
        "query": {"experiment": "digits"},
        "goals": {"loss": "lower"},
    }
    output = compare_output("lab", view, subject)
    assert "Comparison of 900 runs" in output.html
    assert "888 more runs" in output.text
    named = CompareSubject(runs=("a", "b"))
    assert compare_output("lab", view, named).snapshot["subject"] == {"runs": ["a", "b"]}
