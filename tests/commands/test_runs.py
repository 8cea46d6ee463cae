from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from aml_magics.commands.runs import RunsCommand
from aml_magics.errors import (
    ExperimentNotFoundError,
    InvalidFilterError,
    RunNotFoundError,
    UsageError,
)
from aml_magics.views.run.output import RUN_TABLE


def test_runs_are_listed_newest_first(ask, trained):
    answer = ask(trained, "runs")

    assert list(answer.value["name"]) == ["other", "quick", "slow"]
    assert answer.text.index("other") < answer.text.index("quick") < answer.text.index("slow")
    assert "quick" in answer.html
    assert "<script" not in answer.html


def test_the_value_has_a_column_for_each_parameter_metric_and_tag(ask, trained):
    frame = ask(trained, "runs").value

    assert list(frame.columns) == [
        "id", "name", "experiment", "number", "status", "created", "duration",
        "params.rate", "metrics.accuracy", "tags.stage",
    ]  # fmt: skip
    row = frame[frame["name"] == "quick"].iloc[0]
    assert row["params.rate"] == 0.5
    assert row["metrics.accuracy"] == 0.7
    assert row["tags.stage"] == "try"
    assert row["duration"] >= 0
    assert row["created"].tzinfo is not None


def test_no_runs_give_an_empty_frame_of_the_same_columns_and_types(ask, workspace):
    frame = ask(workspace, "runs").value

    assert len(frame) == 0
    assert frame.dtypes["number"] == "int64"
    assert frame.dtypes["duration"] == "float64"
    assert isinstance(frame.dtypes["created"], pd.DatetimeTZDtype)


def test_a_name_that_only_one_run_has_is_missing_in_the_others(ask, trained):
    from aml_magics.services.run import run as runs

    runs.start(trained.store, "digits", name="deep", params={"layers": 3})

    frame = ask(trained, "runs").value.set_index("name")

    assert frame.loc["deep", "params.layers"] == 3
    assert pd.isna(frame.loc["quick", "params.layers"])
    assert frame.loc["deep", "duration"] >= 0  # a live run: so far


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--experiment", "digits"], ["quick", "slow"]),
        (["--status", "failed"], ["slow"]),
        (["--status", "Completed"], ["other", "quick"]),
        (["--filter", "metrics.accuracy > 0.5"], ["quick"]),
        (["--sort", "metrics.accuracy desc", "--limit", "1"], ["quick"]),
        (["--limit", "2"], ["other", "quick"]),
    ],
)
def test_runs_are_chosen_and_ordered_by_options(ask, trained, words, names):
    assert list(ask(trained, "runs", *words).value["name"]) == names


def test_an_unknown_experiment_is_named_with_the_nearest(ask, trained):
    with pytest.raises(ExperimentNotFoundError, match=r"No experiment 'digts'.*'digits'"):
        ask(trained, "runs", "--experiment", "digts")


def test_an_unknown_status_is_refused_with_the_nearest(ask, trained):
    with pytest.raises(UsageError, match=r"--status: 'Faild' is none of its values.*'Failed'"):
        ask(trained, "runs", "--status", "Faild")


def test_a_filter_that_cannot_be_read_is_refused(ask, trained):
    with pytest.raises(InvalidFilterError):
        ask(trained, "runs", "--filter", "metrics.accuracy >")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--filter", "metrics.acuracy > 1"], r"has metrics\.acuracy\. Did you mean 'accuracy'"),
        (["--filter", "status = done"], r"no status 'done'.* It is one of NotStarted, Starting"),
        (["--sort", "metrics.nosuch desc"], r"has metrics\.nosuch\. They have metrics\.accuracy\."),
        (["slow", "--sort", "params.rat"], r"has params\.rat\. Did you mean 'rate'"),
    ],
)
def test_what_no_run_has_is_refused_with_what_is_near(ask, trained, words, message):
    with pytest.raises(InvalidFilterError, match=message):
        ask(trained, "runs", *words)


def test_a_filter_that_no_run_meets_is_told_in_the_empty_answer(ask, trained):
    answer = ask(trained, "runs", "--filter", "metrics.accuracy > 2", "--status", "failed")

    assert len(answer.value) == 0
    assert answer.text == (
        "There is no run with status Failed, that meets the filter metrics.accuracy > 2."
    )


def test_experiments_complete_by_their_live_names(trained):
    assert RunsCommand().suggest(trained, "experiment") == ["iris", "digits"]
    assert RunsCommand().suggest(trained, "limit") == []


def test_the_text_is_made_without_pandas(trained):
    code = (
        "import sys; from aml_magics.sdk.workspace.workspace import Workspace;"
        "from aml_magics.commands.runs import RunsCommand as C;"
        "answer = C().answer(Workspace.get('lab'), C().parser('runs').parse_args([]));"
        "assert 'quick' in answer.text; print('pandas' in sys.modules)"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert child.stdout == "False\n"


def ids(frame):
    return list(frame["name"])


def test_named_runs_alone_are_listed_in_the_order_of_their_names(ask, trained):
    slow = ask(trained, "runs").value.set_index("name").loc["slow", "id"]

    assert ids(ask(trained, "runs", "quick", slow, "quick").value) == ["quick", "slow"]
    assert ids(ask(trained, "runs", slow[:8]).value) == ["slow"]
    assert ids(ask(trained, "runs", "--", "last").value) == ["other"]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--experiment", "digits"], ["slow", "quick"]),
        (["--status", "completed"], ["quick", "other"]),
        (["--sort", "metrics.accuracy desc"], ["quick", "other", "slow"]),
        (["--filter", "params.rate < 0.3", "--limit", "1"], ["slow"]),
        (["--limit", "2"], ["slow", "quick"]),
        (["--status", "canceled"], []),
    ],
)
def test_options_choose_among_the_named_runs(ask, trained, words, names):
    assert ids(ask(trained, "runs", "slow", "quick", "other", *words).value) == names


def test_a_child_can_be_named(ask, trained):
    from aml_magics.services.run import run as runs

    parent = runs.find(trained.store, "slow")
    runs.start(trained.store, "digits", name="fold", parent=parent)

    assert ids(ask(trained, "runs", "fold").value) == ["fold"]


def test_an_unknown_run_is_named_with_the_nearest(ask, trained):
    with pytest.raises(RunNotFoundError, match=r"No run 'quik'.*Did you mean 'quick'"):
        ask(trained, "runs", "slow", "quik")


def test_the_live_table_goes_on_to_list_what_was_asked_for(ask, trained):
    words = ["--experiment", "digits", "--sort", "metrics.accuracy desc", "--limit", "5"]
    asked = query_of(ask(trained, "runs", *words))
    named = query_of(ask(trained, "runs", "quick", "other", "--status", "completed"))

    assert asked == {"experiment": "digits", "sort": "metrics.accuracy desc", "limit": 5}
    assert (len(named["ids"]), named["status"]) == (2, "Completed")
    assert query_of(ask(trained, "runs")) == {}


def query_of(answer):
    return answer.bundle[RUN_TABLE]["query"]


def test_runs_complete_by_their_live_names_and_ids(trained):
    words = RunsCommand().suggest(trained, "runs")

    assert {"slow", "quick", "other"} <= set(words)
