from __future__ import annotations

import pytest

from aml_magics.commands.manage.rename import RenameCommand
from aml_magics.errors import InvalidNameError, RunNotFoundError, UsageError


def test_a_run_gets_another_name(ask, trained):
    answer = ask(trained, "rename", "quick", "quicker still")

    assert answer.text.startswith("Run 'quick' (")
    assert answer.text.endswith(") is 'quicker still' now.")
    assert answer.value.display_name == "quicker still"
    assert ask(trained, "run", "quicker still").value.id == answer.value.id


def test_a_wrong_run_or_name_changes_nothing_and_says_why(ask, trained):
    with pytest.raises(RunNotFoundError, match="Did you mean 'quick'"):
        ask(trained, "rename", "quik", "other")
    with pytest.raises(InvalidNameError, match="The name of a run is empty"):
        ask(trained, "rename", "quick", " ")
    with pytest.raises(UsageError, match="needs NAME"):
        ask(trained, "rename", "quick")


def test_the_run_completes_and_the_name_does_not(trained):
    assert "quick" in RenameCommand().suggest(trained, "run")
    assert RenameCommand().suggest(trained, "to") == []
