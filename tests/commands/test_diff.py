from __future__ import annotations

import pytest

from aml_magics.commands.diff import DiffCommand
from aml_magics.errors import UsageError
from aml_magics.services.run import metric
from aml_magics.services.run import run as runs


def test_a_diff_shows_changed_parameters_and_code(ask, trained):
    answer = ask(trained, "diff", "slow", "quick")

    assert [(c.name, c.before, c.after) for c in answer.value.params] == [("rate", 0.1, 0.5)]
    assert "-train(rate=0.1)" in answer.value.code
    assert "train(rate=0.5)" in answer.text
    assert "train(rate=0.5)" in answer.html


def test_a_worse_metric_is_marked_as_such_and_one_without_a_known_way_is_named(ask, trained):
    for name in ("slow", "quick"):
        record = runs.find(trained.store, name)
        metric.writer(trained.store, record).number("<b>entropy", 1.0 if name == "slow" else 2.0)

    answer = ask(trained, "diff", "quick", "slow")

    assert "✗ worse" in answer.text
    assert "Whether more is better is not known of <b>entropy." in answer.text
    assert "aml-removed" in answer.html
    assert "<b>entropy" not in answer.html


def test_a_diff_takes_two_runs(ask, trained):
    with pytest.raises(UsageError, match="needs RUN"):
        ask(trained, "diff", "slow")
    with pytest.raises(UsageError, match="has no place for 'other'"):
        ask(trained, "diff", "slow", "quick", "other")


def test_runs_complete(trained):
    assert "quick" in DiffCommand().suggest(trained, "second")
    assert DiffCommand().suggest(trained, "help") == []
