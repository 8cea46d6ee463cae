"""Pools of nodes: a queue each, never more runs than nodes, whatever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from aml_magics.records.status import RunStatus
from aml_magics.services.compute import pool, registry
from aml_magics.services.process import queue
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from tests.workers.conftest import ended, kill, now, schedulers, until, until_printed

LONG = "import time; print('ready', flush=True); time.sleep(600)"
COUNTED = """
import os, sys, time
from pathlib import Path
folder = Path(sys.argv[1])
(folder / f"{os.getpid()}.on").touch()
(folder / f"{os.getpid()}.seen").write_text(str(len(list(folder.glob("*.on")))))
time.sleep(0.2)
(folder / f"{os.getpid()}.on").unlink()
"""
KERNEL = """
import sys
from pathlib import Path
from aml_magics import Workspace
from aml_magics.services.job.submission import Submission, submit
store = Workspace.from_config().store
for _ in range(2):
    wanted = Submission(Path(sys.argv[1]), script="s.py", target="a")
    print(submit(store, "x", wanted)[0].id, flush=True)
sys.stdin.readline()
"""


def cluster(store, name, **settings):
    return registry.create(store, name, "aml_compute", settings)


def until_gone(process):
    until(lambda: not process.is_running())


def test_two_pools_work_at_once_and_neither_takes_more_than_its_nodes(
    either_store, submit_to, tmp_path, monkeypatch
):
    """A long run fills ``local``, whose one slot holds up nobody else."""
    store = either_store
    monkeypatch.setenv("AML_MAGICS_SLOTS", "1")
    cluster(store, "a", max_nodes=2)
    cluster(store, "b", max_nodes=1)
    busy = submit_to(store, LONG)
    until_printed(store, busy, "ready")
    folders = {name: tmp_path / name for name in "ab"}
    for folder in folders.values():
        folder.mkdir()
    with monkeypatch.context() as held:
        held.setattr(queue, "ensure_scheduler", lambda store: None)
        sent = [
            (name, submit_to(store, COUNTED, str(folders[name]), target=name))
            for name in ["a", "b"] * 3 + ["a", "a"]
        ]
    assert [ended(store, run).status for _, run in sent] == [RunStatus.COMPLETED] * len(sent)

    at_once = {
        name: max(int(seen.read_text()) for seen in folder.glob("*.seen"))
        for name, folder in folders.items()
    }
    assert at_once["b"] == 1
    assert at_once["a"] <= 2
    assert now(store, busy).status is RunStatus.RUNNING
    assert pool.nodes(store, registry.get(store, "b")).current == 1  # idle, and kept


def test_a_wide_run_is_not_passed_by_narrow_ones(store, submit, monkeypatch):
    cluster(store, "a", max_nodes=2)
    first = submit(LONG, target="a")
    until_printed(store, first, "ready")
    wide = submit(LONG, target="a", nodes=2)
    narrow = submit("print('x')", target="a")

    until(lambda: now(store, narrow).reason == "Place 2 in the queue of 'a'.")
    assert now(store, wide).reason == "Place 1 in the queue of 'a'."
    cancel(store, now(store, first))
    until_printed(store, wide, "ready")
    assert pool.nodes(store, registry.get(store, "a")).busy == 2
    assert now(store, narrow).status is RunStatus.QUEUED
    cancel(store, now(store, wide))
    assert ended(store, narrow).status is RunStatus.COMPLETED


def test_a_larger_pool_begins_what_waits(store, submit):
    cluster(store, "a", max_nodes=1)
    first, second = submit(LONG, target="a"), submit(LONG, target="a")
    until_printed(store, first, "ready")
    until(lambda: now(store, second).reason == "Place 1 in the queue of 'a'.")

    registry.update(store, "a", {"max_nodes": 2})
    until_printed(store, second, "ready")


def test_an_idle_node_is_given_back(store, submit):
    cluster(store, "a", max_nodes=2, idle_seconds_before_scaledown=1)
    runs_ = [submit("print('x')", target="a") for _ in range(2)]
    for run in runs_:
        assert ended(store, run).status is RunStatus.COMPLETED

    until(lambda: pool.nodes(store, registry.get(store, "a")).current == 0)
    registry.update(store, "a", {"min_nodes": 1})
    assert pool.nodes(store, registry.get(store, "a")).current == 1


def test_a_pool_goes_on_without_the_kernel_that_submitted(store, tmp_path):
    cluster(store, "a", max_nodes=1)
    (tmp_path / "s.py").write_text("import time; time.sleep(0.5)")
    kernel = subprocess.Popen(
        [sys.executable, "-c", KERNEL, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with kernel:
        ids = [kernel.stdout.readline().strip() for _ in range(2)]
        os.kill(kernel.pid, signal.SIGKILL)

    assert [ended(store, runs.get(store, id_)).status for id_ in ids] == [RunStatus.COMPLETED] * 2


def test_a_scheduler_that_is_killed_in_mid_job_costs_no_run_and_no_node(either_store, submit_to):
    store = either_store
    cluster(store, "a", max_nodes=1)
    first, second = (submit_to(store, LONG, target="a") for _ in range(2))
    until_printed(store, first, "ready")
    [scheduler] = schedulers(store)
    kill(scheduler)
    until_gone(scheduler)
    third = submit_to(store, "print('x')", target="a")  # starts another scheduler

    until(lambda: now(store, third).reason == "Place 2 in the queue of 'a'.")
    assert [now(store, run).status for run in (first, second)] == [
        RunStatus.RUNNING,
        RunStatus.QUEUED,
    ]
    for run in (first, second):
        until_printed(store, run, "ready")
        cancel(store, now(store, run))
        assert ended(store, run).status is RunStatus.CANCELED
    assert ended(store, third).status is RunStatus.COMPLETED


def test_a_run_that_waits_for_a_pool_is_canceled_at_once(store, submit):
    cluster(store, "a", max_nodes=1)
    first, second, third = (submit(LONG, target="a") for _ in range(3))
    until_printed(store, first, "ready")
    local = submit("print('x')")
    assert [queue.position(store, run) for run in (second, third)] == [1, 2]
    cancel(store, now(store, second))

    assert now(store, second).status is RunStatus.CANCELED
    assert queue.position(store, third) == 1
    assert ended(store, local).status is RunStatus.COMPLETED
    assert now(store, first).status is RunStatus.RUNNING


def test_a_run_whose_target_is_lost_with_a_backup_fails_and_says_so(store, submit, monkeypatch):
    cluster(store, "a", max_nodes=1)
    with monkeypatch.context() as held:
        held.setattr(queue, "ensure_scheduler", lambda store: None)
        run = submit("print('x')", target="a")
    key = registry.get(store, "a").key
    store.catalogue.transact(lambda connection: store.computes.remove(connection, key))
    queue.ensure_scheduler(store)

    run = ended(store, run)
    assert (run.status, run.error.code) == (RunStatus.FAILED, "ComputeTargetGone")
    assert run.reason == "Its compute target 'a' is gone; submit it again to another."


def test_an_instance_takes_one_run_at_a_time(store, submit):
    registry.create(store, "ci", "compute_instance", {})
    first, second = (submit(LONG, target="ci") for _ in range(2))
    until_printed(store, first, "ready")

    until(lambda: now(store, second).reason == "Place 1 in the queue of 'ci'.")
    with pytest.raises(registry.ComputeInUseError, match="'ci' is not stopped"):
        registry.set_state(store, "ci", registry.STOPPED)
