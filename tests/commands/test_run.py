from __future__ import annotations

import pytest

from aml_magics.commands.run import RunCommand
from aml_magics.errors import RunNotFoundError, UsageError


def test_a_run_is_found_by_name_beginning_of_its_id_or_last(ask, trained):
    by_name = ask(trained, "run", "quick").value

    assert by_name.get_metrics() == {"accuracy": [0.5, 0.6, 0.7]}
    assert ask(trained, "run", by_name.id[:8]).value.id == by_name.id
    assert "other" in ask(trained, "run", "last").text


def test_a_run_is_shown_with_its_parameters_and_metrics(ask, trained):
    answer = ask(trained, "run", "quick")

    assert "accuracy" in answer.text
    assert "rate" in answer.text
    assert "accuracy" in answer.html


def test_an_unknown_run_is_named_with_the_nearest(ask, trained):
    with pytest.raises(RunNotFoundError, match=r"No run 'quik'.*'quick'"):
        ask(trained, "run", "quik")


def test_a_run_must_be_named(ask, trained):
    with pytest.raises(UsageError, match="`%aml run` needs RUN"):
        ask(trained, "run")


def test_runs_complete_by_name_and_id(trained, ask):
    offered = RunCommand().suggest(trained, "run")

    assert offered[:3] == ["other", "quick", "slow"]
    assert ask(trained, "run", "slow").value.id[:8] in offered
    assert RunCommand().suggest(trained, "help") == []
