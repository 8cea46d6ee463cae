"""``accuracy>=0.8``: read, compared, and refused with the value that was reached."""

from __future__ import annotations

import pytest

from aml_magics.errors import ExpectationError, UsageError
from aml_magics.services.filter.values import is_true
from aml_magics.services.run import metric, run
from aml_magics.services.run.expectation import check, parse
from aml_magics.services.run.metric import MetricKind


def reached(text, **metrics):
    return is_true(parse(text).condition, metrics)


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("accuracy>=0.8", {"accuracy": 0.8}),
        (" val acc < -1e-3 ", {"val acc": -0.5}),
        ("`val acc` < -1e-3", {"val acc": -0.5}),
        ("a.b/c==+.5", {"a.b/c": 0.5}),
        ("x!=3", {"x": 4}),
        ("x > 1E5", {"x": 2e5}),
        ("x=1", {"x": 1}),
        ("accuracy > 0.8 and (loss < 1 or not f1 < 0.5)", {"accuracy": 0.9, "loss": 2, "f1": 0.5}),
        ("verdict in (good, 'very good')", {"verdict": "good"}),
    ],
)
def test_expectation_is_read(text, metrics):
    assert reached(text, **metrics)
    assert str(parse(str(parse(text)))) == text.strip()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "lacks a metric at its end"),
        ("accuracy", "lacks a comparison"),
        (">=0.8", "needs a metric at '>=0.8'"),
        ("acc>=", "lacks a value"),
        ("a>1 b", "goes on unexpectedly at 'b'"),
    ],
)
def test_expectation_of_another_form_is_refused(text, why):
    with pytest.raises(
        UsageError,
        match=f"An expectation is METRIC SIGN NUMBER, such as 'accuracy>=0.8', or .*{why}",
    ):
        parse(text)


def test_bound_that_is_no_number_is_refused():
    with pytest.raises(UsageError, match=r"'1\.2\.3' in expectation 'acc>=1\.2\.3' is no number"):
        parse("acc>=1.2.3")
    with pytest.raises(UsageError, match="'high' in expectation 'a>1 and acc<high' is no number"):
        parse("a>1 and acc<high")


def test_last_value_counts(store):
    record = run.start(store, "e")
    for value in (0.9, 0.75):
        metric.writer(store, record).number("acc", value)
    metric.writer(store, record).number("epochs", 3)
    check(store, record, [parse("acc>=0.75"), parse("acc<0.8"), parse("epochs==3")])
    check(store, run.complete(store, record), [parse("acc>0.7")])
    with pytest.raises(ExpectationError, match=r"Expected acc>=0\.8, but acc is 0\.75\.$"):
        check(store, record, [parse("acc>0"), parse("acc>=0.8")])
    with pytest.raises(ExpectationError, match=r"Expected epochs!=3, but epochs is 3\.$"):
        check(store, record, [parse("epochs!=3")])


def test_all_of_several_metrics_are_told(sqlite_store):
    record = run.start(sqlite_store, "e")
    metric.writer(sqlite_store, record).number("acc", 0.5)
    metric.writer(sqlite_store, record).number("loss", 2.0)
    with pytest.raises(
        ExpectationError, match=r"Expected acc>0\.9 or loss<1, but acc is 0\.5 and loss is 2\."
    ):
        check(sqlite_store, record, [parse("acc>0.9 or loss<1")])


def test_metric_that_was_not_logged_is_not_met(store):
    record = run.start(store, "e")
    metric.writer(store, record).number("accuracy", 1.0)
    with pytest.raises(
        ExpectationError,
        match=r"but the run logged no 'acuracy'\. Did you mean 'accuracy'\?",
    ):
        check(store, record, [parse("acuracy>0")])


@pytest.mark.parametrize("value", ["high", None, float("nan"), [1]])
def test_value_that_is_no_number_is_not_met(sqlite_store, value):
    record = run.start(sqlite_store, "e")
    metric.writer(sqlite_store, record).value("x", MetricKind.SCALAR, value)
    with pytest.raises(ExpectationError, match=r"Expected x>0, but x is (nan|None|'high'|\[1\])"):
        check(sqlite_store, record, [parse("x>0")])
