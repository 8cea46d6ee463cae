"""What is shown of runs of dead and silent processes in a store that cannot be written."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from aml_magics.services.run import heartbeat, metric, run, search
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.recovery import recover
from aml_magics.services.workspace import workspace
from aml_magics.store.catalogue.schema import owner
from aml_magics.views.compare.follow import CompareSubscription
from aml_magics.views.compare.subject import CompareSubject
from aml_magics.views.run.experiments import experiments_view
from aml_magics.views.run.follow import RunSubscription
from aml_magics.views.run.query import RunQuery
from aml_magics.views.run.run import run_view
from aml_magics.views.run.table import run_table_view
from aml_magics.views.run.table_follow import RunTableSubscription
from tests.services.conftest import kill, scripts

if TYPE_CHECKING:
    from tests.fixtures.disk import SmallDisk
    from tests.services.conftest import Scripts

__all__ = ["scripts"]

LOGGING = """
    record = run.start(store, "e", run_id="dead")
    metric.writer(store, record).number("x", 1.0)
    run.start(store, "e", run_id="asked")
    say("begun")
    time.sleep(600)
"""
GONE = "is gone; the store cannot be written, so that is not kept."


@pytest.mark.parametrize("is_full", [False, True])
def test_dead_run_is_shown_failed_and_its_clock_stands_where_nothing_can_be_written(
    small_disk: SmallDisk, scripts: Scripts, monkeypatch: pytest.MonkeyPatch, is_full: bool
) -> None:
    monkeypatch.setenv("AML_MAGICS_HOME", str(small_disk.folder / "home"))
    store = workspace.create("test")
    program = scripts.start(LOGGING)
    assert program.stdout is not None
    assert program.stdout.readline() == "begun\n"
    program.send_signal(signal.SIGSTOP)  # it would cancel its run within a second, and end
    cancel(store, run.get(store, "asked"))
    followers = [
        RunSubscription(store, "dead"),
        RunTableSubscription(store, RunQuery()),
        CompareSubscription(store, CompareSubject(("dead", "asked"))),
    ]
    for follower in followers:
        assert follower.next()[0]["type"] == "view"
    kill(program)
    if is_full:
        small_disk.fill()
    else:
        store.catalogue.close()  # no disk is made read-only while files are open for writing
        small_disk.make_read_only()
    try:
        recover(store)

        view = run_view(store, "dead", now=time.time())
        assert (view.status, view.is_terminal) == ("Failed", True)
        assert view.reason.startswith(f"Its process (pid {program.pid} on ")
        assert view.reason.endswith(GONE)
        assert view.elapsed == run_view(store, "dead", now=time.time() + 60).elapsed
        assert [(one.name, one.count) for one in view.metrics] == [("x", 1)]
        rows = run_table_view(store, search.search(store)).rows
        assert {row.id: row.status for row in rows} == {"asked": "Canceled", "dead": "Failed"}
        assert experiments_view(store).rows[0].by_status == {"Failed": 1, "Canceled": 1}
        for follower in followers:
            follower._next_read = 0.0  # as a second later
            assert "'status': 'Failed'" in str(follower.next())
        workspace.close(store)
        opened = workspace.open_named("test")
        assert run.get(opened, "dead").status == "Failed"
        workspace.close(opened)
    finally:
        small_disk.free() if is_full else small_disk.make_read_only(now=False)
    opened = workspace.open_named("test")
    assert run.get(opened, "dead").reason.endswith("is gone; its last point is step 0 of 'x'.")
    assert metric.get_metrics(opened, run.get(opened, "dead")) == {"x": 1.0}
    workspace.close(opened)


def test_silent_run_is_shown_so_where_nothing_can_be_written(
    small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AML_MAGICS_HOME", str(small_disk.folder / "home"))
    store = workspace.create("test")
    record = run.start(store, "e")
    assert open_runs(store).heartbeat is not None
    heartbeat.stop_heartbeat(store)
    store.catalogue.transact(
        lambda connection: connection.execute(sa.update(owner).values(uptime=owner.c.uptime - 60))
    )
    store.catalogue.close()
    small_disk.make_read_only()
    try:
        recover(store)

        found = run.get(store, record.id)
        assert found.status == "NotResponding"
        assert found.reason.startswith("Nothing was heard of its process")
        assert found.ended is None
    finally:
        small_disk.make_read_only(now=False)
    workspace.close(store)
