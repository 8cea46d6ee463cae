from __future__ import annotations

from aml_magics.commands.manage.unstar import UnstarCommand


def test_a_run_loses_its_star(ask, trained):
    ask(trained, "star", "quick", "slow")

    answer = ask(trained, "unstar", "quick")

    assert answer.text.endswith(") has no star any more.")
    assert [run.starred for run in answer.value] == [False]


def test_runs_with_a_star_complete(ask, trained):
    assert UnstarCommand().suggest(trained, "runs") == []
    [run] = ask(trained, "star", "quick").value
    assert UnstarCommand().suggest(trained, "runs") == ["quick", run.id[:8]]
