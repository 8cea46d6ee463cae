from __future__ import annotations

import re

import pytest

from aml_magics.commands.manage.delete import DeleteCommand
from aml_magics.errors import RunNotFoundError, RunStateError
from aml_magics.services.run import run as runs


def test_deleted_runs_vanish_and_the_answer_says_how_to_undo_it(ask, trained):
    answer = ask(trained, "delete", "quick", "slow")

    assert re.fullmatch(
        r"2 runs \('quick', 'slow'\) are deleted\. Undo until 20..-..-.. ..:..:.. UTC: "
        r"%aml restore \w{8} \w{8}",
        answer.text,
    )
    assert list(ask(trained, "runs").value["name"]) == ["other"]
    with pytest.raises(
        RunNotFoundError, match="'quick' was deleted; `%aml restore quick` brings it"
    ):
        ask(trained, "run", "quick")
    ask(trained, *answer.text.partition("%aml ")[2].split())
    assert len(ask(trained, "runs").value) == 3


def test_children_go_with_their_parent(ask, trained):
    parent = runs.start(trained.store, "digits", name="parent")
    for _ in range(2):
        runs.complete(trained.store, runs.start(trained.store, "digits", parent=parent))
    runs.complete(trained.store, parent)

    assert "is deleted, with 2 child runs. Undo" in ask(trained, "delete", "parent").text


def test_a_run_that_runs_is_not_deleted(ask, trained):
    runs.start(trained.store, "digits", name="live")

    with pytest.raises(RunStateError, match="'live' is Running and cannot be deleted; cancel it"):
        ask(trained, "delete", "quick", "live")

    assert len(ask(trained, "runs").value) == 4


def test_runs_complete(trained):
    assert "quick" in DeleteCommand().suggest(trained, "runs")
