"""The queue: its slots, its one scheduler, and what is told when there can be none."""

from __future__ import annotations

import os
import sys

import pytest

from aml_magics.errors import UsageError
from aml_magics.services.job import submission
from aml_magics.services.job.submission import Submission
from aml_magics.services.process import queue
from aml_magics.services.process.queue import SchedulerLock, slots


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "source"
    made.mkdir()
    (made / "s.py").write_text("")
    return made


@pytest.mark.parametrize("wrong", ["0", "-1", "many", "", "1.5", "²", "1e9"])
def test_slots_that_are_no_number_are_refused_at_submit_and_make_no_run(
    sqlite_store, folder, monkeypatch, wrong
):
    monkeypatch.setenv("AML_MAGICS_SLOTS", wrong)
    with pytest.raises(UsageError, match="a whole number above 0, not"):
        submission.submit(sqlite_store, "x", Submission(folder, script="s.py"))
    assert not (sqlite_store.folder / "jobs").exists()


def test_slots_are_the_cores_unless_chosen(monkeypatch):
    assert slots() == os.cpu_count()
    monkeypatch.setenv("AML_MAGICS_SLOTS", "7")
    assert slots() == 7


def test_the_lock_is_held_once_and_known_to_be_gone_with_its_folder(sqlite_store):
    first, second = SchedulerLock(sqlite_store), SchedulerLock(sqlite_store)
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    assert first.is_in_place
    assert (sqlite_store.folder / "scheduler.lock").stat().st_mode & 0o777 == 0o600
    (sqlite_store.folder / "scheduler.lock").unlink()
    assert not first.is_in_place
    assert second.acquire()  # of the file that is there now
    assert not first.is_in_place
    first.release()
    second.release()


def test_a_run_is_queued_though_no_hub_can_be_started_and_it_is_told(
    sqlite_store, folder, monkeypatch, caplog
):
    monkeypatch.setattr(sys, "executable", str(folder / "no-python"))
    run, _ = submission.submit(sqlite_store, "x", Submission(folder, script="s.py"))

    assert queue.position(sqlite_store, run) == 1
    assert "no scheduler could be started" in caplog.text
    lock = SchedulerLock(sqlite_store)
    assert lock.acquire()  # nobody holds it on: the next try can
    lock.release()


def test_a_hub_that_cannot_do_its_work_is_told(sqlite_store, folder, monkeypatch, caplog):
    broken = folder / "python"
    broken.write_text("#!/bin/sh\necho it is broken >&2\nexit 3\n")
    broken.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(broken))
    path = sqlite_store.folder / "scheduler.log"
    path.write_bytes(b"x" * 2_000_000)
    queue.ensure_scheduler(sqlite_store)
    import threading

    for thread in threading.enumerate():
        if thread.name == "aml_magics-scheduler":
            thread.join()

    assert "their scheduler ended with code 3" in caplog.text
    assert path.read_bytes() == b"it is broken\n"  # and a log does not grow for ever


def test_a_hub_is_no_part_of_the_run_or_the_kernel_that_starts_it(monkeypatch):
    for name in ("AML_MAGICS_JOB", "AZUREML_RUN_ID", "JPY_PARENT_PID", "MPLBACKEND"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("MINE", "y")
    inherited = queue.inherited_variables()

    assert inherited["MINE"] == "y"
    assert not {"AML_MAGICS_JOB", "AZUREML_RUN_ID", "JPY_PARENT_PID", "MPLBACKEND"} & set(inherited)


def test_the_part_in_a_distributed_run_is_not_inherited_by_another_run(monkeypatch):
    for name in ("RANK", "MASTER_PORT", "AZ_BATCH_MASTER_NODE", "OMPI_COMM_WORLD_RANK"):
        monkeypatch.setenv(name, "1")
    assert queue.inherited_variables()["RANK"] == "1"  # what the user set for himself
    monkeypatch.setenv("AZUREML_PROCESS_NAME", "rank_1")
    inherited = queue.inherited_variables()

    assert not any(name.startswith(("RANK", "MASTER", "AZ_", "OMPI")) for name in inherited)
    assert "PATH" in inherited


def test_jobs_of_another_machine_are_not_in_this_ones_queue(sqlite_store, folder, monkeypatch):
    import socket

    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    here, _ = submission.submit(sqlite_store, "x", Submission(folder, script="s.py"))
    with monkeypatch.context() as other:
        other.setattr(socket, "gethostname", lambda: "other-host")
        there, _ = submission.submit(sqlite_store, "x", Submission(folder, script="s.py"))

    assert queue.position(sqlite_store, here) == 1
    assert queue.position(sqlite_store, there) is None


def test_a_hub_that_fails_is_not_started_again_each_time_somebody_looks(
    sqlite_store, folder, monkeypatch, caplog
):
    monkeypatch.setattr(sys, "executable", str(folder / "no-python"))
    submission.submit(sqlite_store, "x", Submission(folder, script="s.py"))
    for _ in range(5):
        queue.revive(sqlite_store)
    assert caplog.text.count("no scheduler could be started") == 1
    monkeypatch.setattr(queue, "_FAILED_PAUSE", 0.0)
    queue.revive(sqlite_store)
    assert caplog.text.count("no scheduler could be started") == 2


def test_a_script_leaves_it_to_its_worker_to_revive_the_queue(sqlite_store, folder, monkeypatch):
    started = []
    with monkeypatch.context() as held:
        held.setattr(queue, "ensure_scheduler", lambda store: None)
        submission.submit(sqlite_store, "x", Submission(folder, script="s.py"))
    monkeypatch.setattr(queue, "ensure_scheduler", started.append)
    monkeypatch.setenv("AML_MAGICS_JOB", "x")
    queue.revive(sqlite_store)
    assert started == []
    monkeypatch.delenv("AML_MAGICS_JOB")
    queue.revive(sqlite_store)
    assert started == [sqlite_store]


def test_the_account_has_what_reaches_the_stores_and_no_key_of_a_notebook(monkeypatch):
    kept = {"AWS_SECRET_ACCESS_KEY", "AZURE_STORAGE_CONNECTION_STRING", "PGPASSWORD", "FSSPEC_S3"}
    for name in (*kept, "OPENAI_API_KEY", "MY_SETTING"):
        monkeypatch.setenv(name, "x")
    found = queue.account_variables()
    assert kept < set(found)
    assert not {"OPENAI_API_KEY", "MY_SETTING"} & set(found)
