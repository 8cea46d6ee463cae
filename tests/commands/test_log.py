from __future__ import annotations

import re

import pytest

from aml_magics.commands.log import LogCommand
from aml_magics.errors import ArtifactNotFoundError, UsageError
from aml_magics.services.run import log
from aml_magics.services.run import run as runs


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


def test_times_stand_before_the_lines_if_they_are_asked_for(ask, workspace):
    record = runs.start(workspace.store, "e", name="timed")
    with log.appended_log(workspace.store, record) as say:
        say("ValueError: <b>")
    answer = ask(workspace, "log", "timed", "--timestamps")

    stamp = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(rf"{stamp} ValueError: <b>\n", answer.value)
    assert re.search(rf"^{stamp} ValueError: <b>$", answer.text, re.MULTILINE)
    assert re.search(
        rf'<span class="aml-90">{stamp} </span><strong class="aml-removed">ValueError: &lt;b&gt;',
        answer.html,
    )
    assert ask(workspace, "log", "timed").value == "ValueError: <b>\n"


def test_a_log_without_times_says_so(ask, trained):
    answer = ask(trained, "log", "quick", "--timestamps", "--lines", "2")

    for shown in (answer.text, answer.html):
        assert "When these lines were printed is not known." in shown
    assert answer.text.splitlines()[-1] == "line 9 of quick"
    assert "not known" not in ask(trained, "log", "quick").text


def test_the_log_of_another_process_is_shown_by_its_name(ask, workspace):
    record = runs.start(workspace.store, "e", name="spread")
    log.process_log_path(workspace.store, record, "1").write_text("of rank 1\n")
    name = log.driver_log("1")
    live = ask(workspace, "log", "spread", "--file", name, "--timestamps")
    runs.complete(workspace.store, record)

    assert live.value.split() == ["of", "rank", "1"]
    assert "of rank 1" in ask(workspace, "log", "spread", "--file", name).text
    with pytest.raises(ArtifactNotFoundError, match=r"no log '.*_2.txt'. Did you mean"):
        ask(workspace, "log", "spread", "--file", log.driver_log("2"))
