from __future__ import annotations

import pytest

from aml_magics.commands.manage.restore import RestoreCommand
from aml_magics.errors import RunNotFoundError


def test_a_deleted_run_is_listed_and_brought_back(ask, trained):
    [gone] = ask(trained, "delete", "quick").value

    listed = ask(trained, "restore")
    assert gone[:8] in listed.text
    assert "quick  (digits)" in listed.text
    assert listed.value == [gone]
    assert RestoreCommand().suggest(trained, "runs") == ["quick", gone[:8]]

    assert ask(trained, "restore", "quick").text.endswith(") is back.")
    assert ask(trained, "restore").text == "No run is deleted."
    assert len(ask(trained, "runs").value) == 3


def test_a_run_that_is_not_deleted_is_not_restored(ask, trained):
    with pytest.raises(RunNotFoundError, match=r"No deleted run 'quick' .* None is deleted now"):
        ask(trained, "restore", "quick")
