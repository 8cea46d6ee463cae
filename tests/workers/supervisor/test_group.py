"""Replicas that hang, die again and again, cannot be started, or are not needed any more."""

from __future__ import annotations

import contextlib
import shutil
import threading
from urllib.error import URLError

import pytest

from aml_magics.errors import ServiceFailedError
from aml_magics.records.service import Limits, Scaling, ServiceState
from aml_magics.services.service.folder import service_folder
from aml_magics.workers.supervisor import group, replica
from aml_magics.workers.supervisor.supervisor import Supervisor
from tests.workers.supervisor.conftest import SCORE, eventually

HOLDS_ALL = SCORE.replace(
    "time.sleep(request", "ctypes.PyDLL(None).sleep(request.get('hold', 0)); time.sleep(request"
).replace("import json", "import ctypes, json")
"""C code that keeps Python's lock: the event loop stands still."""


def test_processes_that_end_one_after_the_other_without_an_answer_end_the_service(
    hosting, own, supervised, monkeypatch
):
    monkeypatch.setattr(group, "_FIRST_PAUSE", 0.0)
    monkeypatch.setattr(group, "MOST_FAILURES", 4)
    statuses = []

    def scenario():
        with contextlib.suppress(URLError):  # it takes no more connections
            while True:
                with contextlib.suppress(ConnectionError):  # one that waited to be taken just then
                    statuses.append(hosting.call(own, exit=9)[0])

    supervised(scenario)
    found = hosting.get(own)
    assert (found.state, found.error.code) == (ServiceState.FAILED, "CrashLoop")
    assert "4 processes in a row ended without an answer" in found.error.message
    assert "exit code 9" in found.error.message
    assert statuses.count(500) >= 4
    assert set(statuses) <= {500, 503}


def test_an_answer_makes_the_failures_before_it_forgotten(hosting, own, supervised, monkeypatch):
    monkeypatch.setattr(group, "_FIRST_PAUSE", 0.0)
    monkeypatch.setattr(group, "MOST_FAILURES", 3)

    def scenario():
        for _ in range(4):
            hosting.answered(own)
            eventually(lambda: hosting.call(own, exit=9)[0] == 500)
        assert hosting.answered(own)["pid"]

    supervised(scenario)


def test_a_replica_whose_event_loop_stands_still_is_replaced_and_its_caller_gets_504(
    hosting, own, supervised, monkeypatch
):
    monkeypatch.setattr(group, "_SLACK", 0.5)

    def scenario():
        before = hosting.answered(own)["pid"]
        status, body = hosting.call(own, hold=600)
        assert (status, "did not answer in time" in body) == (504, True)
        assert hosting.answered(own)["pid"] != before

    supervised(scenario, HOLDS_ALL, limits=Limits(scoring=0.5))


def test_replicas_come_with_the_work_and_go_with_it(hosting, own, supervised, monkeypatch):
    monkeypatch.setattr(group, "_QUIET", 0.2)
    statuses = []

    def ready():
        return [one for one in hosting.replicas(own) if one["state"] == "ready"]

    def scenario():
        stopped = threading.Event()

        def ask():
            while not stopped.is_set():
                statuses.append(hosting.call(own, sleep=0.3)[0])

        callers = [threading.Thread(target=ask) for _ in range(3)]
        for one in callers:
            one.start()
        eventually(lambda: len(ready()) == 3)
        stopped.set()
        for one in callers:
            one.join()
        eventually(lambda: len(hosting.replicas(own)) == 1)
        assert hosting.answered(own)["pid"] == ready()[0]["pid"]

    supervised(scenario, scaling=Scaling(1, 3, 70, 0.1))
    assert set(statuses) == {200}


def test_a_replica_that_cannot_be_started_is_tried_again_until_it_can(
    hosting, own, supervised, monkeypatch, capfd
):
    monkeypatch.setattr(group, "_FIRST_PAUSE", 0.05)

    def scenario():
        folder = service_folder(hosting.store, hosting.get(own)) / "revisions" / "1"
        shutil.move(folder / "app", folder / "away")
        eventually(lambda: hosting.call(own, exit=9)[0] == 500)
        eventually(lambda: hosting.get(own).state is ServiceState.UNHEALTHY)
        eventually(lambda: hosting.get(own).error.code == "ReplicaNotStarted")
        assert "No such file or directory" in hosting.get(own).error.message
        assert hosting.call(own)[0] == 503
        shutil.move(folder / "away", folder / "app")
        assert hosting.answered(own)["pid"]
        eventually(lambda: hosting.get(own).state is ServiceState.HEALTHY)

    supervised(scenario)


def test_a_revision_whose_python_cannot_be_started_fails(hosting, own, supervised, monkeypatch):
    def spawn(*_):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(replica, "_spawn", spawn)
    with pytest.raises(ServiceFailedError, match=r"ReplicaNotStarted: .*Resource temporarily"):
        supervised(lambda: None)


def test_a_failure_that_comes_as_another_state_is_written_is_told_before_the_end(
    hosting, own, supervised, monkeypatch
):
    change, begun, told = Supervisor._change, threading.Event(), []

    def spawn(*_):
        begun.wait(1)
        raise OSError(12, "Cannot allocate memory")

    def change_slowly(self, record, values, serving):
        begun.set()
        if not told:
            eventually(lambda: self._versions[""].failure)
        told.append((values["state"], self._ended.is_set()))
        return change(self, record, values, serving)

    monkeypatch.setattr(replica, "_spawn", spawn)
    monkeypatch.setattr(Supervisor, "_change", change_slowly)
    with pytest.raises(ServiceFailedError, match=r"ReplicaNotStarted: .*memory"):
        supervised(lambda: None)
    assert told[-1] == (ServiceState.FAILED, False)


def test_a_service_does_not_fail_while_a_replica_is_left(hosting, own, supervised, monkeypatch):
    monkeypatch.setattr(group, "_FIRST_PAUSE", 0.0)
    monkeypatch.setattr(group, "MOST_FAILURES", 2)
    started = []
    spawn = replica._spawn

    def spawn_one(*arguments):
        started.append(arguments)
        if len(started) > 1:
            raise OSError(12, "Cannot allocate memory")
        return spawn(*arguments)

    monkeypatch.setattr(replica, "_spawn", spawn_one)

    def scenario():
        callers = [
            threading.Thread(target=hosting.call, args=(own,), kwargs={"sleep": 2}) for _ in "ab"
        ]
        for one in callers:
            one.start()
        eventually(lambda: len(started) > 4)
        for one in callers:
            one.join()
        assert hosting.answered(own)["pid"]
        assert hosting.get(own).state is ServiceState.HEALTHY

    supervised(scenario, scaling=Scaling(1, 2, 70, 0.1))
