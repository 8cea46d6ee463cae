from __future__ import annotations

import pytest

from aml_magics.commands.compare import CompareCommand
from aml_magics.errors import InvalidFilterError, UsageError
from aml_magics.sdk.run.experiment import Experiment
from aml_magics.views.compare.output import COMPARE


def test_runs_are_compared_in_the_order_given(ask, trained):
    answer = ask(trained, "compare", "slow", "other", "quick")

    assert list(answer.value["name"]) == ["slow", "other", "quick"]
    assert answer.text.index("slow") < answer.text.index("quick")
    assert "accuracy" in answer.html


@pytest.mark.parametrize("words", [["quick"], ["quick", "quick"]])
def test_one_run_is_not_compared(ask, trained, words):
    with pytest.raises(UsageError, match=r"takes two or more runs, and quick.* is one"):
        ask(trained, "compare", *words)


def test_all_runs_of_an_experiment_are_compared_and_followed(ask, trained):
    answer = ask(trained, "compare", "--experiment", "digits", "--goal", "accuracy:min")

    assert list(answer.value["name"]) == ["quick", "slow"]
    snapshot = answer.bundle[COMPARE]
    assert snapshot["subject"] == {
        "query": {"experiment": "digits", "limit": 1_000},
        "goals": {"accuracy": "lower"},
    }
    few = ask(
        trained, "compare", "--filter", "params.rate < 0.2", "--sort", "created", "--limit", "2"
    )
    assert list(few.value["name"]) == ["slow", "other"]


def test_a_condition_alone_compares_the_runs_that_meet_it(ask, trained):
    answer = ask(trained, "compare", "params.rate < 0.2")

    assert sorted(answer.value["name"]) == ["other", "slow"]
    assert answer.bundle[COMPARE]["subject"]["query"]["filter"] == "params.rate < 0.2"
    within = ask(trained, "compare", "params.rate > 0", "--experiment", "digits")
    assert list(within.value["name"]) == ["quick", "slow"]
    with pytest.raises(InvalidFilterError, match="rate"):
        ask(trained, "compare", "params.rate <")
    with pytest.raises(UsageError, match="runs or a query, not both"):
        ask(trained, "compare", "params.rate < 0.2", "--filter", "params.rate > 0")


def test_a_run_may_be_called_as_a_condition_is(ask, trained):
    Experiment(trained, "digits").start_logging(display_name="lr=0.1").complete()

    with pytest.raises(UsageError, match=r"lr=0\.1 is one"):
        ask(trained, "compare", "lr=0.1")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "two or more runs, or --experiment NAME"),
        (["quick", "--experiment", "digits"], "runs or a query, not both"),
        (["--experiment", "iris"], "takes two or more runs, and 1 meets the query"),
        (["--filter", "params.rate > 9"], "and none meet the query"),
        (["slow", "quick", "--goal", "accuracy"], 'such as "loss:min"'),
        (["slow", "quick", "--goal", "accuracy:maxx"], "Did you mean 'max'"),
        (["slow", "quick", "--goal", "acuracy:max"], "Did you mean 'accuracy'"),
    ],
)
def test_what_cannot_be_compared_is_said_with_the_way_out(ask, trained, words, message):
    with pytest.raises(UsageError) as caught:
        ask(trained, "compare", *words)
    assert message in str(caught.value)


def test_runs_and_values_of_options_complete(trained):
    suggest = CompareCommand().suggest
    assert "quick" in suggest(trained, "runs")
    assert suggest(trained, "experiment") == ["iris", "digits"]
    assert suggest(trained, "goal") == ["accuracy:min", "accuracy:max"]
    assert "params.rate" in suggest(trained, "filter")
    assert suggest(trained, "help") == []
