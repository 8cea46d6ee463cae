"""What submitted runs leave behind: processes and private files."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from aml_magics.records.status import RunStatus
from aml_magics.services.job import submission
from aml_magics.services.job.submission import Submission
from aml_magics.services.process import queue
from aml_magics.services.process.cleanup import JOB_VARIABLE, RETURNED_SECONDS, end_leftovers, sweep
from aml_magics.services.run import run

FORKING = """
import os, sys, time
print("ready", flush=True)
while True:
    if os.fork() == 0:
        time.sleep(600)
    time.sleep(0.005)
"""


@pytest.fixture
def queued(sqlite_store, tmp_path, monkeypatch):
    """A run that waits, since no scheduler is started."""
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "s.py").write_text("")
    wanted = Submission(folder, script="s.py", attachment=b"given")
    return submission.submit(sqlite_store, "x", wanted)[0]


def jobs(store):
    return sorted(path.suffix for path in (store.folder / "jobs").iterdir())


def test_all_processes_of_a_run_are_ended_though_they_fork_on():
    environ = {**os.environ, JOB_VARIABLE: "the-run"}
    program = subprocess.Popen(
        [sys.executable, "-c", FORKING], env=environ, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout.readline() == "ready\n"
    time.sleep(0.1)
    try:
        assert end_leftovers("the-run") > 1
        assert end_leftovers("the-run") == 0
        assert program.wait() == -9
    finally:
        program.kill()
        program.communicate()


def test_processes_of_other_runs_and_this_one_are_left_alone(monkeypatch):
    monkeypatch.setenv(JOB_VARIABLE, "mine")
    assert end_leftovers("other") == 0
    assert end_leftovers("mine") == 0


def test_files_of_a_run_that_waits_stay(sqlite_store, queued):
    assert sweep(sqlite_store) == 0
    assert jobs(sqlite_store) == [".given", ".json"]


def test_files_of_a_run_that_was_canceled_while_it_waited_go(sqlite_store, queued):
    (sqlite_store.folder / "work" / queued.id / "deep").mkdir(parents=True)
    run.cancel(sqlite_store, queued)
    assert sweep(sqlite_store) == 3
    assert jobs(sqlite_store) == []
    assert list((sqlite_store.folder / "work").iterdir()) == []


def test_files_that_nobody_knows_go_when_they_are_old(sqlite_store, queued):
    folder = sqlite_store.folder / "jobs"
    for name in ("unknown.json", ".unknown.json.1a2b", f".{queued.id}.given.ff"):
        (folder / name).touch()
    assert sweep(sqlite_store) == 0
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    assert sweep(sqlite_store) == 2
    assert (folder / f"{queued.id}.json").exists()


def test_what_a_run_gives_back_waits_for_its_notebook_a_while(sqlite_store, queued):
    returned = submission.returned_path(sqlite_store, queued.id)
    returned.write_bytes(b"x")
    run.cancel(sqlite_store, queued)
    assert run.get(sqlite_store, queued.id).status is RunStatus.CANCELED
    sweep(sqlite_store)
    assert returned.exists()
    past = time.time() - RETURNED_SECONDS - 1
    os.utime(returned, (past, past))
    sweep(sqlite_store)
    assert not returned.exists()


def test_a_file_from_the_future_is_not_old(sqlite_store, queued):
    path = sqlite_store.folder / "jobs" / "unknown.json"
    path.touch()
    future = time.time() + 1e8
    os.utime(path, (future, future))
    assert sweep(sqlite_store) == 0


def test_outputs_that_wait_stay_but_those_of_a_canceled_run(sqlite_store, queued):
    unsent = sqlite_store.folder / "unsent"
    failed, empty = (run.start(sqlite_store, "x") for _ in range(2))
    for one in (failed, empty):
        run.fail(sqlite_store, one)
    for name in (f"{queued.id}/o", f"{failed.id}/@references/o", empty.id, "unknown/o"):
        (unsent / name).mkdir(parents=True)
    os.utime(unsent / "unknown", (0, 0))
    assert sweep(sqlite_store) == 1  # the empty one
    run.cancel(sqlite_store, queued)
    sweep(sqlite_store)

    assert {one.name for one in unsent.iterdir()} == {failed.id, "unknown"}
