from __future__ import annotations

from aml_magics.commands.manage.star import StarCommand


def test_runs_get_a_star_by_which_they_are_found(ask, trained):
    answer = ask(trained, "star", "quick", "slow")

    assert answer.text == "2 runs ('quick', 'slow') have a star now."
    assert [run.starred for run in answer.value] == [True, True]
    assert list(ask(trained, "runs", "--filter", "starred = true").value["name"]) == [
        "quick",
        "slow",
    ]


def test_all_runs_complete(trained):
    assert {"quick", "slow", "other"} <= set(StarCommand().suggest(trained, "runs"))
    assert StarCommand().suggest(trained, "help") == []
