"""What is sent to a cluster, what is said while nothing can be, and what is lost; Dask itself is played."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from aml_magics.errors import ComputeInUseError, ComputeTargetError
from aml_magics.records.status import RunStatus
from aml_magics.services.compute import cluster, registry
from aml_magics.services.compute.sighting import last_sighting
from aml_magics.services.job import submission
from aml_magics.services.process import queue
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.ending import current
from aml_magics.store.catalogue import schema
from aml_magics.workers.cluster import submitter as submitters
from aml_magics.workers.cluster.order import about_this
from aml_magics.workers.cluster.submitter import LEASE, Submitter
from aml_magics.workers.cluster.task import execute, probe
from aml_magics.workers.forked import NOT_NOW


class Task:
    """A future."""

    def __init__(self, status="pending", value=None):
        self.status, self.value, self.is_canceled = status, value, False

    def done(self):
        return self.status != "pending"

    def result(self, timeout):
        return self.value

    def exception(self, timeout):
        return self.value

    def cancel(self):
        self.is_canceled = True


class Dask:
    """A cluster with a client: workers answer at once with what they are, runs wait to be told."""

    def __init__(self):
        self.workers = {"tcp://w1": {"nthreads": 2}}
        self.about = {}
        self.tasks = []
        self.status = "running"
        self.scheduler = SimpleNamespace(identity=None)
        self.error = None

    def sync(self, function, callback_timeout):
        if self.error:
            raise self.error
        return {"workers": self.workers}

    def submit(self, function, *args, key, workers=None, resources=None, **options):
        assert options == {"allow_other_workers": False, "pure": False, "retries": 0}
        if function is probe:
            return self.about.get(workers[0]) or Task("finished", about_this())
        assert function is execute
        task = Task()
        self.tasks.append((args[0], task, workers, resources))
        return task

    def close(self, timeout):
        self.status = "closed"


@pytest.fixture
def dask(monkeypatch):
    played = Dask()

    def connect(store, record):
        if played.error:
            raise played.error
        played.status = "running"
        return played

    monkeypatch.setattr(cluster, "connect", connect)
    monkeypatch.setattr(submission, "check_reachable", lambda record: None)
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    monkeypatch.setattr(submitters, "LOOK", 0.0)
    return played


@pytest.fixture
def attach(store, dask):
    def attach(**settings):
        given = {"address": "tcp://127.0.0.1:8786", **settings}
        registry.create(store, "c", "dask", given, is_attached=True)
        return Submitter(store, "c", SimpleNamespace(is_in_place=True))

    return attach


@pytest.fixture
def submit(store, tmp_path):
    def submit():
        (tmp_path / "s.py").write_text("print('x')")
        asked = submission.Submission(tmp_path, script="s.py", target="c")
        return submission.submit(store, "e", asked)[0]

    return submit


def told(store, run):
    now = current(store, run.id)
    return str(now.status), now.reason


def test_runs_are_sent_in_order_as_far_as_there_is_room(store, dask, attach, submit):
    served, sent = attach(), [submit() for _ in range(4)]
    served.round()

    assert [order["run_id"] for order, *_ in dask.tasks] == [run.id for run in sent[:2]]
    assert told(store, sent[2]) == ("Queued", "Place 1 in the queue of 'c'.")
    assert told(store, sent[3]) == ("Queued", "Place 2 in the queue of 'c'.")
    served.round()
    assert len(dask.tasks) == 2  # none twice

    runs.claim(store, sent[0].key)
    runs.complete(store, runs.get(store, sent[0].id))
    dask.tasks[0][1].status, dask.tasks[0][1].value = "finished", {"code": 0}
    served.round()
    assert [order["run_id"] for order, *_ in dask.tasks] == [run.id for run in sent[:3]]


def test_max_nodes_is_a_limit_and_a_run_that_was_claimed_before_counts(store, dask, attach, submit):
    """As after a restart of the submitter: what goes on is found by its claim."""
    served = attach(max_nodes=2)
    dask.workers["tcp://w1"]["nthreads"] = 8
    first, second, third = (submit() for _ in range(3))
    runs.claim(store, first.key)
    served.round()

    assert [order["run_id"] for order, *_ in dask.tasks] == [second.id]
    assert told(store, third)[1] == "Place 1 in the queue of 'c'."


def test_a_restarted_dask_scheduler_gets_again_what_waits(store, dask, attach, submit):
    served, (first, second) = attach(), (submit(), submit())
    served.round()
    runs.claim(store, first.key)
    dask.status, dask.error = "closed", OSError("Timed out")
    served.round()
    assert "does not answer at tcp://127.0.0.1:8786 (Timed out)" in told(store, second)[1]

    dask.error = None
    served.round()
    assert [order["run_id"] for order, *_ in dask.tasks] == [first.id, second.id, second.id]


def test_resources_are_asked_for_and_missing_ones_are_said_at_once(store, dask, attach, submit):
    served, run = attach(resources={"GPU": 1}), submit()
    served.round()
    said = "Compute target 'c' waits: a run takes GPU=1 of a worker, and its workers have no resources."
    assert told(store, run) == ("Queued", said)

    dask.workers["tcp://w2"] = {"nthreads": 4, "resources": {"GPU": 1.0}}
    served.round()
    [(_, _, workers, resources)] = dask.tasks
    assert (workers, resources) == (None, {"GPU": 1})


def test_screens_are_told_what_the_cluster_has(store, dask, attach, submit):
    served, _ = attach(max_nodes=3), submit()
    dask.workers["tcp://w2"] = {"nthreads": 2}
    served.round()
    seen = last_sighting(store, "c")
    assert (seen.workers, seen.threads, seen.places, seen.problem) == (2, 4, 3, "")

    dask.status, dask.error = "closed", OSError("Timed out")
    served.round()
    seen = last_sighting(store, "c")
    assert (seen.workers, seen.places) == (0, 0)
    assert "does not answer at tcp://127.0.0.1:8786 (Timed out)" in seen.problem


def test_a_cluster_with_runs_is_not_deleted(store, attach, submit):
    served, run = attach(), submit()
    served.round()
    with pytest.raises(ComputeInUseError, match=r"'c' is not deleted while runs.*\(Queued\)"):
        registry.delete(store, "c")
    cancel(store, current(store, run.id))
    registry.delete(store, "c")
    served.round()  # it has nothing to do, and does not fail


def test_a_cluster_without_a_worker_does_not_pend_for_ever(
    store, dask, attach, submit, monkeypatch
):
    served, run = attach(wait_seconds=5), submit()
    dask.workers = {}
    served.round()
    assert told(store, run) == ("Queued", "Compute target 'c' waits: it has no worker yet.")

    later = time.monotonic() + 6
    monkeypatch.setattr(time, "monotonic", lambda: later)
    served.round()
    ended = current(store, run.id)
    assert (ended.status, ended.error.code) == (RunStatus.FAILED, "NoRoom")
    assert ended.reason.startswith("It waited 5 s. Compute target 'c' waits: it has no worker")


def test_workers_of_other_versions_are_named_and_passed_over(store, dask, attach, submit):
    served, run = attach(), submit()
    old = {**about_this(), "version": "0.0.1", "host": "node1"}
    dask.about["tcp://w1"] = Task("finished", old)
    served.round()
    assert (
        "no worker of it can take it: tcp://w1: node1 has aml_magics 0.0.1" in told(store, run)[1]
    )

    dask.workers["tcp://w2"] = {"nthreads": 1}
    served.round()
    assert [workers for _, _, workers, _ in dask.tasks] == [["tcp://w2"]]


def test_a_worker_without_aml_magics_is_named(store, dask, attach, submit):
    served, run = attach(), submit()
    dask.about["tcp://w1"] = Task("error", ModuleNotFoundError("No module named 'aml_magics'"))
    served.round()
    assert "No module named 'aml_magics'); install aml-magics[cluster] there" in told(store, run)[1]


def test_certificates_that_are_missing_are_said(store, dask, attach, submit):
    served, run = attach(), submit()
    dask.error = ComputeTargetError("no certificate")
    served.round()
    assert told(store, run) == ("Queued", "no certificate")


def test_a_run_that_its_worker_refuses_fails_with_the_workers_reason(store, dask, attach, submit):
    served, run = attach(), submit()
    served.round()
    dask.tasks[0][1].status, dask.tasks[0][1].value = "finished", {"refused": "it sees no folder"}
    served.round()
    ended = current(store, run.id)
    assert (ended.status, ended.error.code) == (RunStatus.FAILED, "RefusedByWorker")
    assert ended.reason == "it sees no folder"


def test_a_run_that_no_worker_begins_is_tried_three_times(store, dask, attach, submit):
    served, run = attach(), submit()
    for tries in (1, 2, 3):
        served.round()
        assert len(dask.tasks) == tries
        dask.tasks[-1][1].status, dask.tasks[-1][1].value = "error", RuntimeError("KilledWorker")
    served.round()
    ended = current(store, run.id)
    assert (ended.status, ended.error.code) == (RunStatus.FAILED, "NotBegun")
    assert len(dask.tasks) == 3


def test_a_store_that_a_worker_cannot_reach_now_costs_no_try(store, dask, attach, submit):
    served, run = attach(), submit()
    for times in range(1, 6):
        served.round()
        assert len(dask.tasks) == times
        dask.tasks[-1][1].status, dask.tasks[-1][1].value = "finished", {"code": NOT_NOW}
    assert told(store, run)[0] == "Queued"


def test_a_run_that_is_canceled_before_it_begins_is_taken_back(store, dask, attach, submit):
    served, run = attach(), submit()
    served.round()
    cancel(store, current(store, run.id))
    served.round()
    assert dask.tasks[0][1].is_canceled
    assert told(store, run)[0] == "Canceled"


@pytest.fixture
def lost(store, dask, attach, submit, monkeypatch):
    """A run that was claimed on another machine, from which nothing is heard any more."""
    served, run = attach(wait_seconds=600), submit()
    served.round()
    runs.claim(store, run.key)
    monkeypatch.setattr(store.owners, "is_alive", lambda owner: None)
    real = store.owners.get
    silent = [LEASE + 1]

    def get(connection, ids):
        found = real(connection, ids)
        return {id_: replace(one, silent=silent[0]) for id_, one in found.items()}

    monkeypatch.setattr(store.owners, "get", get)
    return served, run, dask.tasks[0][1], silent


def test_a_lost_run_fails_once_its_lease_is_over_and_is_not_begun_again(store, dask, lost):
    served, run, task, _ = lost
    served.round()
    assert told(store, run)[0] == "Preparing"  # Dask has it: it may be cut off from the store alone

    task.status, task.value = "error", RuntimeError("KilledWorker")
    served.round()
    ended = current(store, run.id)
    assert (ended.status, ended.error.code) == (RunStatus.FAILED, "WorkerLost")
    assert f"for {LEASE + 1:.0f} s, and the cluster does not have it any more" in ended.reason
    served.round()
    assert len(dask.tasks) == 1


def test_a_lost_run_within_its_lease_stays(store, lost):
    served, run, task, silent = lost
    silent[0] = LEASE - 1
    task.status, task.value = "error", RuntimeError("KilledWorker")
    served.round()
    assert told(store, run)[0] == "Preparing"


def test_a_run_that_no_cluster_knows_fails_after_the_longer_wait(store, lost):
    served, run, _, silent = lost
    silent[0] = 601
    served.round()
    assert current(store, run.id).error.code == "WorkerLost"


def test_a_lost_run_that_was_to_be_canceled_is_canceled(store, lost):
    served, run, _, _ = lost
    asked = sa.update(schema.run).where(schema.run.c.key == run.key).values(cancel_requested=True)
    store.catalogue.transact(lambda connection: connection.execute(asked))
    served.round()
    assert told(store, run)[0] == "Canceled"
    assert told(store, run)[1].startswith("Canceled. Nothing was heard of its worker")


def test_what_goes_wrong_is_logged_once_and_the_queue_goes_on(store, attach, monkeypatch, caplog):
    served = attach()
    rounds = []

    def fail():
        rounds.append(1)
        if len(rounds) == 3:
            served._lock.is_in_place = False
        raise RuntimeError("odd")

    monkeypatch.setattr(served, "round", fail)
    assert served.serve() is False
    assert caplog.text.count("RuntimeError: odd") == 1
