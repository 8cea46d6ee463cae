"""The scheduler: one a workspace, whatever is in its queue and whatever happens to it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from aml_magics.records.status import RunStatus
from aml_magics.services.job import submission
from aml_magics.services.job.submission import Submission
from aml_magics.services.process import queue
from aml_magics.services.process.wake_up import SCHEDULER, WakeUp
from aml_magics.services.run import heartbeat, metric
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import read_log
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.recovery import recover
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.store.catalogue.schema import job, owner
from tests.workers.conftest import (
    end_all_here,
    ended,
    kill,
    now,
    processes_of,
    schedulers,
    until,
    until_printed,
    worker_of,
)

LONG = "import time; print('ready', flush=True); time.sleep(600)"
SUBMITTER = """
import sys
from pathlib import Path
from aml_magics import Workspace
from aml_magics.services.job.submission import Submission, submit
store = Workspace.from_config().store
print("ready", flush=True)
sys.stdin.readline()
for _ in range(3):
    print(submit(store, "x", Submission(Path("src"), script="s.py"))[0].id, flush=True)
"""


@pytest.fixture
def no_hub(monkeypatch):
    """Runs are queued, and nobody begins them for now."""
    with monkeypatch.context() as held:
        held.setattr(queue, "ensure_scheduler", lambda store: None)
        yield held


def test_a_queue_works_on_either_database(either_store, submit_to):
    code = """
from azureml.core import Run
run = Run.get_context()
for i in range(50): run.log("n", i)
open("outputs/x", "w").write("x")
raise ValueError("nul \\0 and \\ud800")
"""
    failed = ended(either_store, submit_to(either_store, code))
    assert failed.status is RunStatus.FAILED
    assert failed.reason.startswith("ValueError: nul")
    assert metric.get_metrics(either_store, failed)["n"] == list(range(50))

    run = submit_to(either_store, LONG)
    until_printed(either_store, run, "ready")
    cancel(either_store, now(either_store, run))
    assert ended(either_store, run).status is RunStatus.CANCELED


def test_a_database_that_crashes_in_mid_run_costs_nothing(postgres_server, submit_to, monkeypatch):
    monkeypatch.setenv("AML_MAGICS_SLOTS", "1")
    store = workspaces.create("pg", catalogue=postgres_server.create_database())
    code = """
import time
from aml_magics import Run
run = Run.get_context()
for i in range(40):
    run.log("n", i)
    if i == 10: print("ready", flush=True)
    time.sleep(0.1)
open("outputs/x", "w").write("x")
"""
    first, second = submit_to(store, code), submit_to(store, "print('turn')")
    until_printed(store, first, "ready")
    postgres_server.stop("immediate")
    postgres_server.start()

    assert [ended(store, run).status for run in (first, second)] == [RunStatus.COMPLETED] * 2
    assert metric.get_metrics(store, first)["n"] == list(range(40))
    end_all_here()
    workspaces.close(store)


def test_jobs_of_a_second_machine_are_not_taken(either_store, submit_to, monkeypatch, no_hub):
    with monkeypatch.context() as other:
        other.setattr(socket, "gethostname", lambda: "other-host")
        there = submit_to(either_store, "print('x')")
    no_hub.undo()
    monkeypatch.setenv("AML_MAGICS_SLOTS", "2")
    here = submit_to(either_store, "print('x')")

    assert ended(either_store, here).status is RunStatus.COMPLETED
    assert now(either_store, there).status is RunStatus.QUEUED


def test_kernels_that_submit_at_once_share_one_hub_and_lose_nothing(store, tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "s.py").write_text("print('done')")
    kernels = [
        subprocess.Popen(
            [sys.executable, "-c", SUBMITTER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for kernel in kernels:
        assert kernel.stdout.readline() == "ready\n"
    for kernel in kernels:
        kernel.stdin.write("\n")
        kernel.stdin.flush()
    ids = [line.strip() for kernel in kernels for line in kernel.communicate()[0].splitlines()]

    assert len(set(ids)) == 6
    assert {ended(store, runs.get(store, id_)).status for id_ in ids} == {RunStatus.COMPLETED}
    assert len(schedulers(store)) == 1


def test_two_workspaces_have_a_hub_each(store, submit_to):
    other = workspaces.create("other")
    done = [submit_to(one, "print('x')") for one in (store, other)]

    assert [ended(one, run).status for one, run in zip((store, other), done, strict=True)] == [
        RunStatus.COMPLETED
    ] * 2
    assert (len(schedulers(store)), len(schedulers(other))) == (1, 1)


def test_a_hub_does_not_die_of_slots_that_are_none(store, submit, monkeypatch, no_hub):
    run = submit("print('x')")
    no_hub.undo()
    monkeypatch.setenv("AML_MAGICS_SLOTS", "lots")
    queue.ensure_scheduler(store)

    assert ended(store, run).status is RunStatus.COMPLETED
    assert "not 'lots'" in (store.folder / "scheduler.log").read_text()


@pytest.mark.parametrize(
    "details", ["", "null", "[]", '{"script": 1}', '{"arguments": [], "command": [], "new": 1}']
)
def test_a_damaged_job_fails_alone_and_the_queue_goes_on(store, submit, no_hub, details):
    damaged, good = submit("print('x')"), submit("print('x')")
    store.catalogue.transact(
        lambda connection: connection.execute(
            sa.update(job).where(job.c.run == damaged.key).values(details=details)
        )
    )
    no_hub.undo()
    queue.ensure_scheduler(store)

    assert ended(store, good).status is RunStatus.COMPLETED
    damaged = ended(store, damaged)
    assert damaged.status is RunStatus.FAILED
    assert damaged.reason.startswith("Its job cannot be read")
    until(lambda: list((store.folder / "jobs").iterdir()) == [])


def test_source_that_is_lost_fails_its_run_with_the_reason(store, submit, no_hub):
    run = submit("print('x')")
    shutil.rmtree(store.folder / "artifacts")
    no_hub.undo()
    queue.ensure_scheduler(store)
    run = ended(store, run)

    assert run.status is RunStatus.FAILED
    assert "ArtifactNotFound" in run.reason or "artifacts" in run.reason


def test_the_queue_goes_on_after_a_reboot(store, submit, submit_to, no_hub):
    """The owner is of another boot, the pid is alive again, and the queue is as it was."""
    begun, waiting = submit("print('x')"), submit("print('x')")
    from aml_magics.services.run.run import claim

    assert claim(store, begun.key)
    heartbeat.stop_heartbeat(store)
    open_runs(store).remove_cancel_handler(begun.key)
    open_runs(store).end(begun.key)
    store.catalogue.transact(
        lambda connection: connection.execute(sa.update(owner).values(boot="another"))
    )
    lock = store.owners.locks.folder / f"{store.owner.id}.lock"
    lock.unlink()
    lock.touch()  # after a reboot nobody holds it
    no_hub.undo()
    recover(store)

    begun = ended(store, begun)
    assert (begun.status, begun.error.code) == (RunStatus.FAILED, "ProcessGone")
    assert ended(store, waiting).status is RunStatus.COMPLETED


def test_a_worker_killed_before_its_script_began_leaves_a_failed_run_and_no_file(store, submit):
    """The environment of the run is being prepared; what was to be given to the script is private."""
    build = {"python": {"condaDependencies": {"dependencies": ["python"]}}}
    blocker = _hold_all_environments(build)
    try:
        run = submit("print('x')", environment=build)
        until(lambda: now(store, run).status is RunStatus.PREPARING)
        until(lambda: now(store, run).owner)
        kill(worker_of(store, run))
        recover(store)
    finally:
        blocker.close()
    run = ended(store, run)

    assert run.status is RunStatus.FAILED
    assert "is gone" in run.reason
    until(lambda: not list((store.folder / "jobs").iterdir()), 30)
    until(lambda: not list((store.folder / "work").glob("*")), 30)  # which it may not have made


def _hold_all_environments(definition):
    """Take the lock of an environment, as another process that builds it has."""
    import contextlib

    from aml_magics.services.environment.build import plan
    from aml_magics.services.environment.lock import building

    held = contextlib.ExitStack()
    held.enter_context(building(plan(definition).digest, lambda: None))
    return held


def test_cancel_ends_a_run_that_waits_for_its_environment(store, submit):
    build = {"python": {"condaDependencies": {"dependencies": ["python"]}}}
    with _hold_all_environments(build):
        run = submit("print('x')", environment=build)
        until(lambda: now(store, run).status is RunStatus.PREPARING)
        until(lambda: "wait" in read_log(store, now(store, run)).lower())
        cancel(store, now(store, run))
        assert ended(store, run).status is RunStatus.CANCELED


def test_a_hub_that_a_worker_started_outlives_the_run_of_that_worker(store, submit):
    """The scheduler was killed, and the next to look is the worker itself, or its script."""
    code = """
import os, time
from aml_magics import Workspace
from aml_magics.services.run.recovery import recover
print("ready", flush=True)
while not os.path.exists(GO): time.sleep(0.05)
recover(Workspace.from_config().store)
print("revived", flush=True)
time.sleep(600)
"""
    go = Path("go").absolute()
    first = submit(code.replace("GO", repr(str(go))))
    second = submit(LONG)
    until_printed(store, first, "ready")
    until_printed(store, second, "ready")
    waiting = submit(LONG)
    [old] = schedulers(store)
    kill(old)
    until(lambda: not old.is_running())
    go.touch()
    until_printed(store, first, "revived")
    until(lambda: len(schedulers(store)) == 1)
    cancel(store, now(store, first))
    assert ended(store, first).status is RunStatus.CANCELED
    until_printed(store, waiting, "ready")

    assert processes_of(first) == []
    assert len(schedulers(store)) == 1
    assert now(store, second).status is RunStatus.RUNNING
    for run in (second, waiting):
        cancel(store, now(store, run))
        assert ended(store, run).status is RunStatus.CANCELED


def test_a_scheduler_after_one_that_was_killed_can_be_woken_while_its_runs_go_on(store, submit):
    run = submit(LONG)
    until_printed(store, run, "ready")
    with WakeUp(store.folder, SCHEDULER) as taken:
        assert taken.handle == -1
    [scheduler] = schedulers(store)
    kill(scheduler)
    until(lambda: not scheduler.is_running())
    with WakeUp(store.folder, SCHEDULER) as free:
        assert free.handle >= 0
    cancel(store, now(store, run))
    assert ended(store, run).status is RunStatus.CANCELED


def test_cancel_is_honoured_though_the_worker_is_dead(store, submit):
    run = submit(LONG)
    until_printed(store, run, "ready")
    worker = worker_of(store, run)
    os.kill(worker.pid, signal.SIGSTOP)  # so it cannot honour the request itself
    cancel(store, now(store, run))
    kill(worker)
    recover(store)
    run = ended(store, run)

    assert run.status is RunStatus.CANCELED
    assert processes_of(run) == []


def test_all_files_of_a_workspace_are_private(store, submit):
    run = ended(store, submit("open('outputs/x', 'w').write('x'); print('x')"))
    assert run.status is RunStatus.COMPLETED
    assert store.folder.stat().st_mode & 0o077 == 0
    for name in ("scheduler.log", "scheduler.lock"):
        assert (store.folder / name).stat().st_mode & 0o077 == 0
    for name in ("jobs", "work"):
        assert (store.folder / name).stat().st_mode & 0o077 == 0


def test_a_submission_from_within_a_script_is_a_run_like_any_other(store, submit, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "s.py").write_text("import os; print(os.environ['AZUREML_RUN_ID'])")
    code = f"""
from pathlib import Path
from aml_magics import Workspace
from aml_magics.services.job.submission import Submission, submit
print(submit(Workspace.from_config().store, "inner", Submission(Path({str(inner)!r}), script="s.py"))[0].id)
"""
    outer = ended(store, submit(code))
    assert outer.status is RunStatus.COMPLETED, read_log(store, outer)
    child = runs.get(store, read_log(store, outer).strip())
    assert ended(store, child).status is RunStatus.COMPLETED
    assert read_log(store, child).strip() == child.id
    assert json.dumps(child.params) == "{}"


def test_a_name_that_looks_like_an_option_is_a_script(store, tmp_path):
    folder = tmp_path / "f"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "-c.py").write_text("print('run')")
    wanted = Submission(folder, script="deep/-c.py")
    run = ended(store, submission.submit(store, "x", wanted)[0])
    assert read_log(store, run) == "run\n"
