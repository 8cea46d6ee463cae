from __future__ import annotations

import pytest

from aml_magics.commands.log import LogCommand
from aml_magics.errors import UsageError


def test_the_log_of_a_run_is_shown(ask, trained):
    answer = ask(trained, "log", "quick")

    assert answer.value.splitlines()[0] == "line 0 of quick"
    assert "line 9 of quick" in answer.text
    assert "line 9 of quick" in answer.html


def test_as_many_lines_are_shown_as_asked_for(ask, trained):
    answer = ask(trained, "log", "quick", "--lines", "2")

    assert "line 7 of quick" not in answer.text
    assert "line 8 of quick" in answer.text
    assert len(answer.value.splitlines()) == 10


@pytest.mark.parametrize("count", ["0", "-1", "x", "1" * 30, "1.5"])
def test_a_number_of_lines_is_a_whole_number(ask, trained, count):
    with pytest.raises(UsageError, match=f"--lines: '{count}' is no whole number from 1 up"):
        ask(trained, "log", "quick", "--lines", count)


def test_runs_complete(trained):
    assert "quick" in LogCommand().suggest(trained, "run")
    assert LogCommand().suggest(trained, "lines") == []
