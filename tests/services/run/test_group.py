"""Runs are grouped and summarized by the database, the same on both."""

from __future__ import annotations

import math
import statistics

import pytest

from aml_magics.errors import InvalidFilterError
from aml_magics.services.run import metric, run
from aml_magics.services.run.group import group_condition, group_runs
from aml_magics.services.run.search import Query, find_keys, search

LOSSES = {"a": [1.0, 2.0, 4.0], "b": [1e9, 1e9 + 1], "it's": [5.0]}


@pytest.fixture
def runs(store):
    """Runs with a text, a number and a flag to group by, and one that has none of it."""
    for letter, losses in LOSSES.items():
        for place, loss in enumerate(losses):
            params = {"model": letter, "depth": len(losses), "is_big": loss > 10}
            record = run.start(store, "e", params=params, tags={"stage": letter})
            writer = metric.writer(store, record)
            writer.number("loss", loss)
            writer.number("system/memory", 1.0)
            if place == 0:
                writer.number("acc", float("nan"))
            run.complete(store, record)
    run.fail(store, run.start(store, "other", params={"model": None}))
    return store


def group(store, by, **more):
    return {one.value: one for one in group_runs(store, Query(), by, **more)}


def test_groups_count_runs_and_statuses(runs):
    found = group(runs, "params.model")
    assert list(found) == ["a", "b", "it's", None]
    assert {value: one.count for value, one in found.items()} == {
        "a": 3,
        "b": 2,
        "it's": 1,
        None: 1,
    }
    assert found["a"].statuses == {"Completed": 3}
    assert found[None].statuses == {"Failed": 1}


def test_metrics_are_summarized_with_the_deviation_of_a_sample(runs):
    found = group(runs, "params.model")
    loss = found["a"].metrics["loss"]
    assert (loss.count, loss.low, loss.high) == (3, 1.0, 4.0)
    assert loss.mean == pytest.approx(7 / 3)
    assert loss.deviation == pytest.approx(statistics.stdev(LOSSES["a"]), rel=1e-6)
    assert found["b"].metrics["loss"].deviation == pytest.approx(math.sqrt(0.5), rel=0.1)
    assert found["it's"].metrics["loss"].deviation is None
    assert list(found["a"].metrics) == ["loss"]  # no NaN, nothing of the machine
    assert found[None].metrics == {}


@pytest.mark.parametrize(
    "by", ["params.model", "params.depth", "params.is_big", "tags.stage", "experiment", "status"]
)
def test_each_run_is_in_its_group_and_in_no_other(runs, by):
    everything = {record.id for record in search(runs)}
    seen = []
    for one in group_runs(runs, Query(), by):
        keys, total = find_keys(runs, Query(group=(by, one.key)))
        assert (len(keys), total) == (one.count, one.count), one
        seen += keys
    assert len(seen) == len(set(seen)) == len(everything)


def test_numbers_are_grouped_by_their_size(sqlite_store):
    for value in (10, 2, 2.0, float("nan"), "2", True):
        run.start(sqlite_store, "e", params={"p": value})
    found = group_runs(sqlite_store, Query(), "params.p")
    assert [(one.key, one.count) for one in found] == [
        ("2", 2),
        ("10", 1),
        ('"2"', 1),
        ("true", 1),
        ("NaN", 1),
    ]


def test_groups_follow_a_metric_or_their_values(runs):
    assert list(group(runs, "params.model", sort="metrics.loss desc")) == ["b", "it's", "a", None]
    assert list(group(runs, "params.model", sort="metrics.loss")) == ["a", "it's", "b", None]
    assert list(group(runs, "params.model", sort="params.model desc")) == ["it's", "b", "a", None]
    assert list(group(runs, "params.depth", sort="name")) == [1, 2, 3, None]


def test_a_filter_restricts_what_is_grouped(runs):
    found = group_runs(runs, Query(find="metrics.loss < 3"), "params.model")
    assert [(one.value, one.count) for one in found] == [("a", 2)]


@pytest.mark.parametrize(
    ("by", "message"),
    [
        (
            "metrics.loss",
            r"cannot be grouped by metrics\.loss; group them by a parameter \(params\.NAME\)",
        ),
        ("created", "cannot be grouped by created"),
        ("params.modle", r"has params\.modle\. Did you mean 'model'\?"),
        ("colour", "no field 'colour'"),
    ],
)
def test_what_makes_no_groups_is_refused(runs, by, message):
    with pytest.raises(InvalidFilterError, match=message):
        group_runs(runs, Query(), by)


def test_a_key_that_is_no_json_is_refused():
    with pytest.raises(InvalidFilterError, match="A group is named by JSON, and 'x' is none"):
        group_condition("params.p", "x")
