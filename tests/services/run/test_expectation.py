"""``accuracy>=0.8``: read, compared, and refused with the value that was reached."""

from __future__ import annotations

import pytest

from aml_magics.errors import ExpectationError, UsageError
from aml_magics.services.run import metric, run
from aml_magics.services.run.expectation import Expectation, check, parse
from aml_magics.services.run.metric import MetricKind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("accuracy>=0.8", Expectation("accuracy", ">=", 0.8)),
        (" val acc < -1e-3 ", Expectation("val acc", "<", -0.001)),
        ("a.b/c==+.5", Expectation("a.b/c", "==", 0.5)),
        ("x!=3", Expectation("x", "!=", 3.0)),
        ("x > 1E5", Expectation("x", ">", 1e5)),
        ("x<=1", Expectation("x", "<=", 1.0)),
    ],
)
def test_expectation_is_read(text, expected):
    assert parse(text) == expected
    assert parse(str(expected)) == expected


@pytest.mark.parametrize(
    "text", ["", "accuracy", ">=0.8", "acc=0.8", "acc>=", "acc>=high", "a>1 b"]
)
def test_expectation_of_another_form_is_refused(text):
    with pytest.raises(
        UsageError, match="An expectation is METRIC SIGN NUMBER with one of >= <= > < == !=, such"
    ):
        parse(text)


def test_bound_that_is_no_number_is_refused():
    with pytest.raises(UsageError, match=r"'1\.2\.3' in expectation 'acc>=1\.2\.3' is no number"):
        parse("acc>=1.2.3")


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
