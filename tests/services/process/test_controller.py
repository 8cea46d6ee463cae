"""One controller a sweep, started where there is none."""

from __future__ import annotations

import logging
import subprocess

import pytest

from aml_magics.services.process import controller
from aml_magics.services.process.controller import (
    SWEEP,
    ControllerLock,
    ensure_controller,
    revive_controllers,
)
from aml_magics.services.process.mark import JOB_VARIABLE
from tests.services.sweep.in_process import submit, without_processes


@pytest.fixture
def started(monkeypatch):
    """The ids of the sweeps whose controllers are started; each ends at once with the code at hand."""
    found = []
    code = ["0"]

    def start(store, program, log, lock, run_id, variables):
        found.append(run_id)
        return subprocess.Popen(["sh", "-c", f"exit {code[0]}"])

    monkeypatch.setattr(controller, "start_process", start)
    return found, code


@pytest.fixture
def sweep(sqlite_store, tmp_path, monkeypatch):
    without_processes(monkeypatch)
    return submit(sqlite_store, tmp_path)


def test_a_controller_is_started_unless_its_lock_is_held(sqlite_store, sweep, started):
    lock = ControllerLock(sqlite_store, SWEEP, sweep.id)
    assert lock.acquire()
    ensure_controller(sqlite_store, SWEEP, sweep.id)
    assert started[0] == []
    lock.release()
    ensure_controller(sqlite_store, SWEEP, sweep.id)

    assert started[0] == [sweep.id]


def test_open_sweeps_are_revived_but_not_by_a_script(sqlite_store, sweep, started, monkeypatch):
    monkeypatch.setenv(JOB_VARIABLE, "x")
    revive_controllers(sqlite_store)
    assert started[0] == []
    monkeypatch.delenv(JOB_VARIABLE)
    revive_controllers(sqlite_store)

    assert started[0] == [sweep.id]


def test_a_controller_that_fails_is_said_and_tried_again_after_a_pause(
    sqlite_store, sweep, started, caplog
):
    started[1][0] = "3"
    with caplog.at_level(logging.WARNING, "aml_magics"):
        ensure_controller(sqlite_store, SWEEP, sweep.id)
        controller._await(subprocess.Popen(["false"]), sqlite_store, SWEEP, sweep.id)
    revive_controllers(sqlite_store)

    assert started[0] == [sweep.id]
    assert f"Sweep {sweep.id} waits, since its controller could not be started" in caplog.text


def test_the_lock_of_an_ended_sweep_goes_and_messages_stay(sqlite_store):
    lock = ControllerLock(sqlite_store, SWEEP, "HD_x")
    assert lock.acquire()
    messages = sqlite_store.folder / "sweeps" / "HD_x.log"
    messages.write_text("a warning")
    lock.forget()
    lock.release()

    assert [path.name for path in (sqlite_store.folder / "sweeps").iterdir()] == ["HD_x.log"]
