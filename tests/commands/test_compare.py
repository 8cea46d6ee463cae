from __future__ import annotations

import pytest

from aml_magics.commands.compare import CompareCommand
from aml_magics.errors import UsageError


def test_runs_are_compared_in_the_order_given(ask, trained):
    answer = ask(trained, "compare", "slow", "other", "quick")

    assert list(answer.value["name"]) == ["slow", "other", "quick"]
    assert answer.text.index("slow") < answer.text.index("quick")
    assert "accuracy" in answer.html


@pytest.mark.parametrize("words", [["quick"], ["quick", "quick"]])
def test_one_run_is_not_compared(ask, trained, words):
    with pytest.raises(UsageError, match=r"takes two or more runs, and quick.* is one"):
        ask(trained, "compare", *words)


def test_runs_complete(trained):
    assert "quick" in CompareCommand().suggest(trained, "runs")
    assert CompareCommand().suggest(trained, "help") == []
