from __future__ import annotations

import pytest

from aml_magics.commands.diff import DiffCommand
from aml_magics.errors import UsageError


def test_a_diff_shows_changed_parameters_and_code(ask, trained):
    answer = ask(trained, "diff", "slow", "quick")

    assert [(c.name, c.before, c.after) for c in answer.value.params] == [("rate", 0.1, 0.5)]
    assert "-train(rate=0.1)" in answer.value.code
    assert "train(rate=0.5)" in answer.text
    assert "train(rate=0.5)" in answer.html


def test_a_diff_takes_two_runs(ask, trained):
    with pytest.raises(UsageError, match="needs RUN"):
        ask(trained, "diff", "slow")
    with pytest.raises(UsageError, match="has no place for 'other'"):
        ask(trained, "diff", "slow", "quick", "other")


def test_runs_complete(trained):
    assert "quick" in DiffCommand().suggest(trained, "second")
    assert DiffCommand().suggest(trained, "help") == []
