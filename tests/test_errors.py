"""How the product's own errors look in a notebook."""

from __future__ import annotations

import pytest

from aml_magics import Experiment, Workspace
from aml_magics.errors import AmlError, RunNotFoundError, UsageError, described, did_you_mean
from aml_magics.sdk.job.estimator import Estimator
from aml_magics.warnings import AmlWarning


def test_an_error_is_one_line_and_the_place_in_the_users_code():
    run = Experiment(Workspace.create("w"), "e").start_logging()
    with pytest.raises(AmlError) as caught:
        run.log("x", [1, 2])
    first, place = caught.value._render_traceback_()
    assert first.startswith("InvalidMetricError: run.log('x', …) takes one value")
    assert place.endswith('run.log("x", [1, 2])')


def test_an_error_of_a_magic_needs_no_place():
    def run_line_magic():
        raise UsageError("no such option")

    with pytest.raises(UsageError) as caught:
        run_line_magic()
    assert caught.value._render_traceback_() == ["UsageError: no such option"]


def test_an_error_that_was_never_raised_has_no_place():
    assert UsageError("x")._render_traceback_() == ["UsageError: x"]


def test_a_missing_thing_is_a_key_error_with_a_plain_message():
    error = RunNotFoundError("No run 'x'.")
    assert isinstance(error, KeyError)
    assert str(error) == "No run 'x'."


def test_near_names_are_offered():
    assert did_you_mean("acuracy", ["accuracy", "loss"]) == " Did you mean 'accuracy'?"
    assert did_you_mean("zzz", ["accuracy"]) == ""


def test_what_was_given_is_described_in_a_line():
    assert described(None) == "NoneType (None)"
    assert described({"a": "x\ny"}) == r"dict ({'a': 'x\ny'})"
    store = Workspace.create("w").get_default_datastore()
    assert described(store).startswith('AzureBlobDatastore ({ "name": "workspaceblobstore"')
    assert described("x" * 100) == "str ('" + "x" * 59 + "…)"


def test_a_warning_stands_at_the_line_of_the_user():
    with pytest.warns(AmlWarning) as told:
        Estimator(".", entry_script="x.py")
    assert told[0].filename == __file__
