from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from aml_magics.services.run import metric, run
from aml_magics.views.compare import compare
from aml_magics.views.compare.compare import compare_view, compare_view_of, compared_metric
from tests.views.samples import run_record

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
