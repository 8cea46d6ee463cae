from __future__ import annotations

from aml_magics.commands.manage.unarchive import UnarchiveCommand


def test_an_archived_run_comes_back_into_lists(ask, trained):
    [run] = ask(trained, "archive", "quick").value
    assert UnarchiveCommand().suggest(trained, "runs") == ["quick", run.id[:8]]

    assert ask(trained, "unarchive", "quick").text.endswith(") is in lists again.")

    assert len(ask(trained, "runs").value) == 3
    assert UnarchiveCommand().suggest(trained, "runs") == []
