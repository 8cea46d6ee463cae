"""A worker that was forked ahead: it begins at a word, ends without one, and tells when its slot is free."""

from __future__ import annotations

import contextlib
import os
import select
import signal

import psutil
import pytest

from aml_magics.records.job import QueuedJob
from aml_magics.records.status import RunStatus
from aml_magics.services.job import submission
from aml_magics.services.process import queue
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import read_log
from aml_magics.workers.scheduler import TRIES
from aml_magics.workers.standby import WorkerProcess
from tests.workers.conftest import ended, kill, now, schedulers, until, until_printed

JOB = QueuedJob(7, "local", 1, is_waiting=True, is_canceled=False, began=None, ended=None)


def forked(work):
    """A worker that only does this."""
    worker = WorkerProcess(JOB)
    if worker.pid == 0:
        code = 1
        try:
            code = work(worker)
        finally:
            os._exit(code)
    return worker


def exit_code(worker):
    return os.waitstatus_to_exitcode(os.waitpid(worker.pid, 0)[1])


def begins(worker):
    return 10 * worker.is_to_begin() + worker.at_once


def test_it_begins_at_the_word_and_hears_how_many_share_the_machine():
    worker = forked(begins)
    worker.tell(3)
    assert exit_code(worker) == 13
    worker.close()


def test_it_does_not_begin_when_it_is_sent_away():
    worker = forked(begins)
    worker.close()
    assert exit_code(worker) == 0


def test_a_word_to_one_that_was_killed_goes_nowhere():
    worker = forked(begins)
    os.kill(worker.pid, signal.SIGKILL)
    assert exit_code(worker) == -signal.SIGKILL
    worker.tell()
    worker.hear()
    assert not worker.is_finishing


@pytest.mark.parametrize("says", [True, False])
def test_a_slot_is_free_when_the_worker_says_so_and_not_when_it_dies(says):
    def work(worker):
        if says:
            worker.leave_slot()
        return 0

    worker = forked(work)
    select.select([worker.handle], [], [])
    worker.hear()
    assert worker.is_finishing is says
    assert worker.handle < 0
    exit_code(worker)


def all_standing_by(scheduler):
    """The workers that wait, whose launchers are no script yet."""
    found = []
    for worker in scheduler.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            lines = [" ".join(one.cmdline()) for one in worker.children()]
            if lines and not any("script.py" in line for line in lines):
                found.append(worker)
    return found


def standing_by(scheduler):
    return next(iter(all_standing_by(scheduler)), None)


def ready(store, run):
    """Where the folder of a run that waits is ready."""
    return [*(store.folder / "work").glob(f".{run.id}.*/.azureml/config.json")]


@pytest.fixture
def scheduler(store, submit, monkeypatch):
    """A scheduler whose only slot is taken, with the run that takes it."""
    monkeypatch.setenv("AML_MAGICS_SLOTS", "1")
    first = submit("import time; print('ready', flush=True); time.sleep(600)")
    until_printed(store, first, "ready")
    [found] = schedulers(store)
    return found, first


def test_one_that_stands_by_ends_with_its_scheduler(store, submit, scheduler):
    process, first = scheduler
    second = submit("print('second')")
    standing = until(lambda: standing_by(process))
    assert now(store, second).status is RunStatus.QUEUED
    launchers = standing.children()
    kill(process)
    until(lambda: not any(is_alive(one) for one in (standing, *launchers)))
    queue.revive(store)
    cancel(store, first)
    assert ended(store, second).status is RunStatus.COMPLETED


def test_two_stand_by_with_all_that_their_runs_need(store, submit, scheduler):
    process, first = scheduler
    others = [submit("print(open('script.py').read())") for _ in range(3)]
    until(lambda: all(ready(store, one) for one in others[:2]))
    assert len(all_standing_by(process)) == 2
    assert not ready(store, others[2])
    assert all(submission.variables_path(store, one.id).exists() for one in others)
    assert not any((store.folder / "work" / one.id).exists() for one in others)
    cancel(store, first)
    for one in others:
        assert ended(store, one).status is RunStatus.COMPLETED, read_log(store, one)
        assert "script.py" in read_log(store, one)
        assert not submission.variables_path(store, one.id).exists()
    until(lambda: not [*(store.folder / "work").iterdir()])


def test_what_cannot_be_prepared_ahead_fails_its_run_when_it_begins(store, submit, scheduler):
    process, first = scheduler
    second = submit("print('second')")
    with store.catalogue.read() as connection:
        [file] = store.sources.of(connection, second.key)
    until(lambda: ready(store, second))
    kill(process)  # the next one prepares it anew
    until(lambda: not ready(store, second))
    store.blobs.remove(file.digest)
    queue.revive(store)
    cancel(store, first)
    assert ended(store, second).status is RunStatus.FAILED
    assert "put them back from a backup" in now(store, second).reason


def is_alive(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_run_that_is_canceled_while_its_worker_stands_by_is_not_begun(store, submit, scheduler):
    process, first = scheduler
    second, third = submit("print('second')"), submit("print('third')")
    until(lambda: standing_by(process))
    until(lambda: ready(store, second))
    cancel(store, second)
    assert ended(store, second).status is RunStatus.CANCELED
    until(lambda: not ready(store, second))
    cancel(store, first)
    assert ended(store, third).status is RunStatus.COMPLETED
    assert now(store, second).started is None


def test_killed_ones_cost_their_run_no_try(store, submit, scheduler):
    process, first = scheduler
    second = submit("print('second')")
    for _ in range(TRIES + 1):
        standing = until(lambda: standing_by(process))
        kill(standing)
        until(lambda: not is_alive(standing))  # noqa: B023 -- called here
    cancel(store, first)
    assert ended(store, second).status is RunStatus.COMPLETED
