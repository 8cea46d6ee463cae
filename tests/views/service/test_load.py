from __future__ import annotations

import pytest

from aml_magics.views.service.load import LoadReader
from tests.fixtures.services import put_service, put_traffic

NOW = 1_780_000_000


@pytest.fixture
def record(store):
    return put_service(store)


def one(t, codes=None, latency=None):
    return (t, codes or {"200": 1}, latency or {"80": 1})


def test_replicas_and_seconds_add_up(store, record):
    put_traffic(store, record, one(NOW, {"200": 3}), one(NOW, {"500": 2, "429": 1}), one(NOW + 1))
    reader = LoadReader(store, record, 300)

    assert reader.read(NOW + 2) == {NOW, NOW + 1}
    view = reader.view(NOW + 2)

    assert (view.times, view.requests) == ((NOW, NOW + 1), (6, 1))
    assert (view.errors, view.refused) == ((2, 0), (1, 0))
    assert view.width == 1


def test_only_what_changed_is_told(store, record):
    put_traffic(store, record, one(NOW))
    reader = LoadReader(store, record, 300)
    reader.read(NOW)
    assert reader.read(NOW) == set()

    put_traffic(store, record, one(NOW), one(NOW + 3))

    assert reader.read(NOW + 3) == {NOW, NOW + 3}
    assert reader.view(NOW + 3, {NOW}).requests == (2,)


def test_what_is_older_than_the_window_goes(store, record):
    put_traffic(store, record, one(NOW - 400), one(NOW - 10))
    reader = LoadReader(store, record, 300)
    reader.read(NOW)
    assert reader.view(NOW).times == (NOW - 10,)

    reader.read(NOW + 300)

    assert reader.view(NOW + 300).times == ()


def test_a_long_window_has_wide_stretches_that_grow(store, record):
    put_traffic(store, record, *(one(NOW - second) for second in range(600, 0, -1)))
    reader = LoadReader(store, record, 86_400)
    reader.read(NOW)
    assert sum(reader.view(NOW).requests) == 600

    put_traffic(store, record, one(NOW))
    changed = reader.read(NOW + 1)

    assert len(changed) == 1
    assert sum(reader.view(NOW).requests) == 601
    assert reader.view(NOW).width == 288


def test_the_last_minute_is_told_apart(store, record):
    put_traffic(
        store, record, one(NOW - 100, {"500": 50}), one(NOW - 30, {"200": 60}), one(NOW, {"502": 2})
    )
    reader = LoadReader(store, record, 300)
    reader.read(NOW)

    rate = reader.rate(NOW)

    assert (round(rate.rate, 2), rate.errors) == (1.03, 2)


def test_quantiles_are_those_of_all_requests_together(store, record):
    put_traffic(store, record, one(NOW, None, {"80": 94, "106": 4}), one(NOW, None, {"133": 2}))
    reader = LoadReader(store, record, 300)
    reader.read(NOW)

    [(p50, p95, p99)] = reader.view(NOW).latency

    assert p50 == pytest.approx(1.02, rel=0.01)
    assert p95 == pytest.approx(9.74, rel=0.01)
    assert p99 == pytest.approx(101, rel=0.01)


def test_no_traffic_is_an_empty_load(store, record):
    reader = LoadReader(store, record, 300)

    assert reader.read(NOW) == set()
    assert reader.view(NOW).times == ()
    assert reader.rate(NOW).p95 is None
