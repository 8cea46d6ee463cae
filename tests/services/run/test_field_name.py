"""A filter or an order by what no run has is refused in words, and never met by silence."""

from __future__ import annotations

import re

import pytest

from aml_magics.errors import InvalidFilterError
from aml_magics.services.run import metric, run
from aml_magics.services.run.field_name import field_names
from aml_magics.services.run.metric import MetricKind
from aml_magics.services.run.search import search


@pytest.fixture
def runs(store):
    """Two experiments: a run of digits has numbers, one of iris has words; both have ended."""
    digits = run.start(store, "digits", name="one", params={"lr": 0.1, "deep": True, "opt": "adam"})
    for number, name in enumerate(["accuracy", "loss", "val acc"]):
        metric.writer(store, digits).number(name, number / 2)
    metric.writer(store, digits).number("broken", float("nan"))
    run.complete(store, digits)
    iris = run.start(store, "iris", name="two", params={"lr": "auto"}, tags={"who": "me"})
    metric.writer(store, iris).value("note", MetricKind.SCALAR, "fine")
    run.fail(store, iris)
    return store


def names(store, **asked):
    return [record.name for record in search(store, **asked)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("metrics.acuracy > 1", "None of the runs that are searched has metrics.acuracy. Did you mean 'accuracy'? "),
        ("metrics.acuracy < 1", "They have metrics.`val acc`, metrics.accuracy, metrics.broken, "),
        ("metrics.Accuracy > 1", "has metrics.Accuracy. Did you mean 'metrics.accuracy'?"),
        ("metrics.lr > 0.1", "has metrics.lr. Did you mean 'params.lr'?"),
        ("metrics.val_acc > 0.1", "has metrics.val_acc. Did you mean 'val acc'?"),
        ("params.learning < 1", "has params.learning. They have params.deep, params.lr, params.opt."),
        ("tags.whose = me", "has tags.whose. Did you mean 'who'?"),
        ("properties.x like 'y%'", "has properties.x. They have no properties at all."),
        ("metrics.acuracy is not null", "has metrics.acuracy."),
        ("status = Failed or not (name = one and params.lrr < 1)", "Did you mean 'lr'?"),
        ("metrics.accuracy > abc", "No run meets 'metrics.accuracy > abc': a text is asked for, and metr"),
        ("metrics.accuracy = '0.5'", "a text is asked for, and metrics.accuracy has values such as"),
        ("params.opt > 5", 'and params.opt has values such as "adam"'),
        ("params.opt = true", "a truth value is asked for, and params.opt has values such as"),
        ("params.deep = 1", "a number is asked for, and params.deep has values such as true"),
        ("metrics.note < 1 and status = Failed", "'metrics.note < 1': a number is asked for"),
    ],
)  # fmt: skip
def test_filter_that_no_run_can_meet_is_refused(runs, text, message):
    with pytest.raises(InvalidFilterError, match=re.escape(message)):
        search(runs, filter=text)


@pytest.mark.parametrize("sort", ["metrics.nosuch desc", "tags.nosuch", "param.nosuch asc"])
def test_order_by_what_no_run_has_is_refused(runs, sort):
    with pytest.raises(
        InvalidFilterError, match=r"None of the runs .* has \w+\.nosuch\. They have"
    ):
        search(runs, sort=sort)


def test_names_are_those_of_the_runs_that_are_searched(runs):
    assert names(runs, filter="params.lr = auto") == ["two"]
    with pytest.raises(InvalidFilterError, match=r"'params.lr = auto': a text is asked for"):
        search(runs, filter="params.lr = auto", experiment="digits")
    with pytest.raises(InvalidFilterError, match=r"has metrics.accuracy. They have metrics.note\."):
        search(runs, sort="metrics.accuracy", status="failed")
    with runs.catalogue.read() as connection:
        assert "metrics.`val acc`" in map(str, field_names(runs, connection))


def test_what_may_find_nothing_is_no_mistake(runs):
    assert names(runs, filter="metrics.acuracy is null") == ["two", "one"]
    assert names(runs, filter="metrics.accuracy > 99") == []
    assert names(runs, filter="metrics.broken > 0 or params.deep = false") == []
    assert names(runs, filter="metrics.nosuch > 0", experiment="empty") == []


def test_names_that_runs_may_log_yet_are_no_mistake(store):
    live = run.start(store, "digits", name="live")
    assert names(store, filter="metrics.accuracy > 0.5") == []
    assert names(store, sort="metrics.accuracy desc") == ["live"]

    run.complete(store, live)
    with pytest.raises(
        InvalidFilterError, match=r"has metrics.accuracy. They have no metrics at all"
    ):
        search(store, sort="metrics.accuracy desc")
