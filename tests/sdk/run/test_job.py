"""Waiting for submitted scripts: what is printed, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from aml_magics import _namespace
from aml_magics.errors import RunFailedError, RunStateError
from tests.fixtures.source import ROOT
from tests.sdk.conftest import FOREVER, text_of, until


def test_the_output_is_printed_line_by_line_as_azure_does(submit, capfd, monkeypatch):
    monkeypatch.setattr("aml_magics.sdk.run.job.QUEUE_LOOK", float("inf"))  # prints no place
    run = submit("print('Training …')\nprint('AUC', 0.9)")
    details = run.wait_for_completion(show_output=True)

    link = f"aml-magics run {run.id}"
    assert capfd.readouterr().out.splitlines() == [
        f"RunId: {run.id}",
        f"Web View: {link}",
        "",
        "Streaming azureml-logs/70_driver_log.txt",
        "========================================",
        "",
        "Training …",
        "AUC 0.9",
        "",
        "Execution Summary",
        "=================",
        f"RunId: {run.id}",
        f"Web View: {link}",
    ]
    assert details == run.get_details()


def test_waiting_prints_nothing_unless_it_is_asked_to(submit, capfd):
    submit("print('x')").wait_for_completion()

    assert capfd.readouterr() == ("", "")


def test_output_that_is_no_text_is_printed_as_far_as_it_is(submit, capfd):
    run = submit("import sys; sys.stdout.buffer.write('é'.encode() + b'\\xff' + '😀'.encode()[:2])")
    run.wait_for_completion(show_output=True)

    assert "\né\ufffd\ufffd\n" in capfd.readouterr().out


def test_a_failure_is_caught_by_azures_name_and_tells_the_error(submit):
    run = submit("print('begun')\nraise ValueError('bad rate')")
    with pytest.raises(RunFailedError, match=r"failed: ValueError: bad rate") as caught:
        run.wait_for_completion(show_output=True)

    assert '"code": "ValueError"' in str(caught.value)
    assert "line 2, in <module>" in str(caught.value)
    details = run.wait_for_completion(raise_on_error=False)
    assert details["status"] == run.status == "Failed"
    assert details["error"] == {"error": {"code": "ValueError", "message": "bad rate"}}
    assert run.get_detailed_status() == {"status": "Failed", "details": "ValueError: bad rate"}
    code = "from azureml.exceptions import ActivityFailedException as a; print(a.__name__)"
    path = os.pathsep.join([str(_namespace.FOLDER), str(ROOT)])
    named = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert named.stdout.strip() == RunFailedError.__name__


def test_a_canceled_run_ends_the_waiting_without_an_error(submit):
    run = submit(FOREVER)
    until(lambda: "started" in text_of(run))
    assert run.get_status() == "Running"
    with pytest.raises(RunStateError, match="is Running and works in its folder"):
        run.clean()
    run.cancel()

    assert run.wait_for_completion()["status"] == "Canceled"
    assert run.get_detailed_status()["details"] == "Canceled by the user."
    assert run.clean() == []


def test_an_interrupt_ends_the_waiting_and_not_the_run(submit, scripts):
    run = submit(FOREVER)
    code = (
        "import sys; from aml_magics import Workspace\n"
        f"Workspace.get('w').get_run({run.id!r}).wait_for_completion(show_output=True)"
    )
    waiting = subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    seen = []
    while "started\n" not in seen:
        seen.append(waiting.stdout.readline())
    waiting.send_signal(signal.SIGINT)
    out, error = waiting.communicate(timeout=60)

    assert f"Run {run.id} goes on; run.cancel() ends it." in out
    assert "KeyboardInterrupt" in error
    assert run.get_status() == "Running"
    run.cancel()


def test_a_run_that_waits_for_a_slot_tells_its_place(submit, monkeypatch, capfd):
    busy = [submit(FOREVER) for _ in range(2)]
    for run in busy:
        until(lambda run=run: "started" in text_of(run))
    waiting = submit("print('mine')")

    assert (waiting.get_status(), waiting.queue_position) == ("Queued", 1)
    assert waiting.get_detailed_status() == {
        "status": "Queued",
        "details": "Place 1 in the queue; 2 runs go on at once.",
    }
    monkeypatch.setattr("aml_magics.sdk.run.job.QUEUE_LOOK", 0.0)
    monkeypatch.setattr("aml_magics.sdk.run.job.POLL", 0.3)
    look = waiting._workspace.store.catalogue.read
    looks = []

    def read():
        looks.append(1)
        if len(looks) == 30:
            busy[0].cancel()
        return look()

    monkeypatch.setattr(waiting._workspace.store.catalogue, "read", read)
    waiting.wait_for_completion(show_output=True)
    assert "In the queue: place 1, 2 runs go on at once.\n" in capfd.readouterr().out
    busy[1].cancel()


def test_a_script_does_not_wait_for_itself(submit):
    run = submit(
        "from azureml.core import Run\n"
        "try: Run.get_context().wait_for_completion()\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    run.wait_for_completion()

    assert text_of(run) == (
        "RunStateError Run 'scripts-1' ends when this script does; waiting for it here would never end.\n"
    )
