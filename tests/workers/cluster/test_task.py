"""What Dask calls on a worker: it refuses, or has a process beside it execute the run."""

from __future__ import annotations

import sys
import threading
from dataclasses import asdict, replace

import pytest

from aml_magics.records.status import RunStatus
from aml_magics.services.job import submission
from aml_magics.services.job.submission import Submission
from aml_magics.services.process import queue
from aml_magics.services.run import run as runs
from aml_magics.services.run.ending import current
from aml_magics.services.run.log import read_log
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.workers.cluster import task
from aml_magics.workers.cluster.order import Order, Place, about_this
from aml_magics.workers.cluster.task import LOST, NodeProcess, execute, probe


@pytest.fixture
def order():
    return Order.of(workspaces.create("w", exist_ok=True), 5, "run-5")


def node(code, monkeypatch):
    """A node process whose program is given as text."""
    monkeypatch.setattr(task, "NODE", ("-c", code))
    store = workspaces.create("w", exist_ok=True)
    return NodeProcess(Place(store.folder, store.folder.parent.parent, is_away=False))


def let_go(process):
    """As when the Dask worker is gone."""
    process._process.stdin.close()
    process._process.wait()
    for thread in threading.enumerate():
        if thread.name == "aml_magics-node":
            thread.join()


def test_a_worker_says_what_it_is():
    assert probe() == about_this()


def test_a_run_of_another_version_is_refused_also_where_its_order_has_other_fields(order):
    refused = execute({**asdict(order), "version": "9.9", "unknown": 1})["refused"]
    assert "9.9 sent the run" in refused


def test_a_workspace_that_this_machine_does_not_reach_is_refused(order):
    refused = execute(asdict(replace(order, folder="/nowhere/w")))["refused"]
    assert refused.startswith("ComputeTargetError: Worker ")
    assert "does not see /nowhere/w" in refused


def test_answers_go_to_those_who_wait_for_them(monkeypatch):
    echo = "import sys\nfor line in sys.stdin: print(f'[{int(line)}, {int(line) + 1}]', flush=True)"
    process = node(echo, monkeypatch)
    assert [process.execute(key) for key in (1, 5)] == [2, 6]
    let_go(process)


def test_a_node_that_ends_leaves_nobody_waiting(monkeypatch):
    process = node("import sys; sys.stdin.readline()", monkeypatch)
    assert process.execute(1) is LOST
    assert process.execute(2) is LOST
    assert not process.is_alive


def test_a_run_is_executed_once_however_often_dask_asks(tmp_path, monkeypatch):
    """By a real node process; the interpreter is that of this machine, not the one of the submitting machine."""
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    store = workspaces.create("w")
    (tmp_path / "s.py").write_text("import sys; print('ran by', sys.executable)")
    asked = Submission(tmp_path, script="s.py", python="/nowhere/python")
    record, _ = submission.submit(store, "e", asked)
    order = asdict(Order.of(store, record.key, record.id))
    try:
        assert [execute(order), execute(order)] == [{"code": 0}, {"code": 0}]
    finally:
        for process in task._nodes.values():
            let_go(process)
        task._nodes.clear()

    ended = current(store, record.id)
    assert (ended.status, ended.attempt) == (
        RunStatus.COMPLETED,
        runs.get(store, record.id).attempt,
    )
    assert read_log(store, ended).count(f"ran by {sys.executable}") == 1
