"""Runs are filtered, ordered and paged by the database, the same on both."""

from __future__ import annotations

import pytest

from aml_magics.errors import InvalidFilterError
from aml_magics.services.run import metric, run
from aml_magics.services.run.search import search

VALUES = [0.5, None, 0.9, float("nan"), 0.1, 0.9]


@pytest.fixture
def runs(store):
    """Six runs, a to f, of which b has no metric and no parameter and d's is NaN."""
    for letter, value in zip("abcdef", VALUES, strict=True):
        params = {} if value is None else {"p": value}
        record = run.start(store, "e", name=letter, params=params)
        if value is not None:
            metric.writer(store, record).number("m", value)
        run.complete(store, record)
    return store


def names(records):
    return "".join(record.name for record in records)


ORDERS = [
    ("", "fedcba"),
    ("created", "abcdef"),
    ("name desc", "fedcba"),
    ("name", "abcdef"),
    ("number desc", "fedcba"),
    ("metrics.m desc", "fcaedb"),
    ("metrics.m", "eafcdb"),
    ("params.p desc", "fcaedb"),
    ("params.p asc", "eafcdb"),
    ("type", "fedcba"),
]


def test_order_puts_missing_values_last_on_every_page(runs):
    for sort, order in ORDERS:
        assert names(search(runs, sort=sort)) == order, sort
        pages = [search(runs, sort=sort, limit=2, offset=at) for at in range(0, 8, 2)]
        assert "".join(names(page) for page in pages) == order, sort
        assert names(search(runs, sort=sort, offset=4)) == order[4:], sort
        assert search(runs, sort=sort, limit=0) == [], sort


def test_order_and_filter_work_together(runs):
    assert names(search(runs, sort="metrics.m desc", filter="metrics.m < 0.9", limit=9)) == "ae"
    assert names(search(runs, sort="metrics.m desc", filter="not params.p > 0.4", limit=9)) == "e"
    without = "not params.p > 0.4 or params.p is null"
    assert names(search(runs, sort="metrics.m desc", filter=without, limit=9)) == "eb"


def test_conditions_narrow(store):
    parent = run.start(store, "one", type="pipeline", tags={"a": "1", "b": None})
    child = run.start(store, "one", parent=parent, properties={"p": "x"})
    other = run.start(store, "two", tags={"a": "2"})
    run.complete(store, other)

    def found(**conditions):
        return [record.id for record in search(store, **conditions)]

    assert found() == [other.id, parent.id]
    assert found(include_children=True) == [other.id, child.id, parent.id]
    assert found(parent=parent) == [child.id]
    assert found(experiment="one") == [parent.id]
    assert found(experiment="'; drop table run; --\0\ud800") == []
    assert found(status="completed") == found(status=" COMPLETED ") == [other.id]
    assert found(type="pipeline") == [parent.id]
    assert found(tags="a") == found(tags=["a"]) == [other.id, parent.id]
    assert found(tags={"a": "1"}) == found(tags={"a": 1}) == [parent.id]
    assert found(tags={"a": None, "b": None}) == [parent.id]
    assert found(tags={"a": "1", "b": "x"}) == []
    assert found(tags="it's \0\ud800") == found(tags={"a": "\0\ud800"}) == []
    assert found(properties={"p": "x"}, include_children=True) == [child.id]
    assert found(properties="a") == []


def test_unknown_status_is_refused(sqlite_store):
    message = r"There is no status 'Complete'\. Did you mean 'Completed'\? It is one of NotStarted,"
    with pytest.raises(InvalidFilterError, match=message):
        search(sqlite_store, status="Complete")


def test_records_come_whole(store):
    record = run.start(store, "e", params={"a": 1}, tags={"t": None}, properties={"p": "q"})
    assert search(store) == [record]
