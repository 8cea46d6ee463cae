from __future__ import annotations

import pytest

from aml_magics.commands.manage.archive import ArchiveCommand
from aml_magics.errors import RunNotFoundError


def test_an_archived_run_is_in_no_list_and_still_found_by_its_name(ask, trained):
    answer = ask(trained, "archive", "quick")

    assert answer.text.endswith(") is archived: lists leave it out.")
    assert list(ask(trained, "runs").value["name"]) == ["other", "slow"]
    assert list(ask(trained, "runs", "--filter", "archived = true").value["name"]) == ["quick"]
    assert ask(trained, "run", "quick").value.archived


def test_of_several_runs_all_are_archived_or_none(ask, trained):
    with pytest.raises(RunNotFoundError, match="'nowhere'"):
        ask(trained, "archive", "quick", "nowhere")

    assert len(ask(trained, "runs").value) == 3


def test_runs_complete(trained):
    assert "quick" in ArchiveCommand().suggest(trained, "runs")
