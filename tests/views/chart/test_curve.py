from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aml_magics.records.metric import MetricKind
from aml_magics.services.run import metric, run
from aml_magics.store.tables.metric import MetricTable
from aml_magics.views.chart.curve import curves, read_metrics
from aml_magics.views.chart.decimation import keep_extremes_at
from tests.views.live_run import log_numbers, started

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def curve(store: Store, record: RunRecord):
    return read_metrics(store, record, lambda _: True).series["loss"]


def test_a_curve_that_has_not_grown_is_not_read_again(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sqlite_store
    record = run.complete(store, started(store, *map(float, range(5_000))))
    first = curve(store, record)
    monkeypatch.setattr(MetricTable, "since", lambda *_: pytest.fail("it was read"))

    assert curve(store, record) is first
    head = metric.heads(store, [record])[record.key]
    assert curves(store, record, head)["loss"] is first


def test_peaks_stay_while_a_curve_grows(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, *([0.0] * 700), 50.0, *([0.0] * 700), -50.0)
    for _ in range(20):
        log_numbers(store, record, "loss", *np.random.default_rng(0).normal(size=400).tolist())
        found = curve(store, record)
        assert len(found) <= 2_000
        assert {50.0, -50.0} <= set(found.plain())
    assert found.steps[0] == 0
    assert found.steps[-1] == 9_401
    assert (np.diff(found.steps) > 0).all()


def test_text_among_numbers_stays_in_its_place(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, 1.0)
    metric.writer(store, record).value("loss", MetricKind.SCALAR, "none")
    curve(store, record)
    log_numbers(store, record, "loss", 2.0)

    assert curve(store, record).plain() == [1.0, "none", 2.0]


def test_a_resumed_run_goes_on(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, 1.0, 2.0)
    curve(store, record)
    run.fail(store, record)
    again = run.resume(store, record)
    log_numbers(store, again, "loss", 3.0)

    assert curve(store, again).plain() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("limit", [4, 50, 2_000])
def test_thinned_points_are_thinned_by_where_they_lie(limit: int) -> None:
    random = np.random.default_rng(2)
    places = np.sort(random.choice(1_000_000, 20_000, replace=False))
    values = random.normal(size=20_000)
    values[random.choice(20_000, 500)] = np.nan
    values[777], values[12_345] = 99, -99
    kept = keep_extremes_at(places, values, limit)

    assert len(kept) <= limit
    assert kept == sorted(set(kept))
    assert (kept[0], kept[-1]) == (0, 19_999)
    assert {777, 12_345} <= set(kept)
