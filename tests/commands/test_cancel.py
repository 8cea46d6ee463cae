from __future__ import annotations

import subprocess
import sys

import pytest

from aml_magics.commands.cancel import CancelCommand
from aml_magics.errors import RunFinishedError
from aml_magics.services.run import run as runs

OTHER_PROCESS = """
import sys, time
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.run import run as runs
store = Workspace.get("lab").store
record = runs.start(store, "digits", name="far")
print("started", flush=True)
while not runs.get(store, record.id).status.is_terminal:
    time.sleep(0.05)
print(runs.get(store, record.id).status)
"""


def test_a_run_of_this_process_is_canceled_at_once(ask, workspace):
    record = runs.start(workspace.store, "digits", name="here")

    answer = ask(workspace, "cancel", "here")

    assert answer.text == f"Run 'here' ({record.id[:8]}) is Canceled."
    assert answer.value.get_status() == "Canceled"
    assert "is Canceled." in answer.html


def test_a_run_of_another_process_is_asked_to_end_and_does(ask, workspace):
    child = [sys.executable, "-c", OTHER_PROCESS]
    with subprocess.Popen(child, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"

        answer = ask(workspace, "cancel", "far")

        assert "was asked to end and is CancelRequested." in answer.text
        assert process.stdout.readline() == "Canceled\n"


def test_a_run_that_has_ended_is_not_canceled(ask, trained):
    with pytest.raises(RunFinishedError, match="'quick' is Completed already"):
        ask(trained, "cancel", "quick")


def test_only_open_runs_complete(trained):
    record = runs.start(trained.store, "digits", name="here")

    assert CancelCommand().suggest(trained, "run") == ["here", record.id[:8]]
    assert CancelCommand().suggest(trained, "help") == []
