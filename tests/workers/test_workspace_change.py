"""What the processes of a queue do when their workspace, its version or their package is another one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import aml_magics
from aml_magics.records.status import RunStatus
from aml_magics.services.run.cancel import cancel
from aml_magics.services.workspace import workspace as workspaces
from tests.workers.conftest import (
    ended,
    now,
    processes_of,
    schedulers,
    until,
    until_printed,
    worker_of,
)

LONG = "import time; print('ready', flush=True); time.sleep(600)"


def test_a_workspace_that_is_removed_leaves_no_process(store, submit):
    run = submit(LONG)
    until_printed(store, run, "ready")
    [scheduler], worker = schedulers(store), worker_of(store, run)
    shutil.rmtree(store.folder)

    until(lambda: not scheduler.is_running())
    until(lambda: not worker.is_running())
    assert processes_of(run) == []
    assert not store.folder.exists()


def test_a_workspace_that_is_made_anew_is_left_by_the_processes_of_the_one_that_was_removed(
    store, submit
):
    run = submit(LONG)
    until_printed(store, run, "ready")
    [scheduler], worker = schedulers(store), worker_of(store, run)
    shutil.rmtree(store.folder)
    new = workspaces.create(store.record.name)

    until(lambda: not scheduler.is_running())
    until(lambda: not worker.is_running())
    assert processes_of(run) == []
    assert list(new.journals.iterdir()) == []
    workspaces.close(new)


def test_a_hub_whose_package_was_replaced_starts_anew_and_loses_no_run(store, submit):
    run = submit(LONG)
    until_printed(store, run, "ready")
    [scheduler] = schedulers(store)
    file = Path(aml_magics.__file__)
    status = file.stat()
    try:
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1000))
        later = ended(store, submit("print('x')"))
    finally:
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    assert later.status is RunStatus.COMPLETED
    assert "the scheduler starts anew" in (store.folder / "scheduler.log").read_text()
    assert [one.pid for one in schedulers(store)] == [scheduler.pid]
    cancel(store, now(store, run))
    assert ended(store, run).status is RunStatus.CANCELED
    assert ended(store, submit("print('x')")).status is RunStatus.COMPLETED
    until(lambda: not [one for one in scheduler.children() if one.status() == "zombie"])


def test_a_hub_leaves_a_store_that_a_later_version_has_taken_over(store, submit):
    assert ended(store, submit("print('x')")).status is RunStatus.COMPLETED
    [scheduler] = schedulers(store)
    store.catalogue.transact(
        lambda connection: connection.exec_driver_sql(
            "update alembic_version set version_num = '9999'"
        )
    )
    until(lambda: not scheduler.is_running() or scheduler.status() == "zombie")
    assert "StoreTooNewError" in (store.folder / "scheduler.log").read_text()
