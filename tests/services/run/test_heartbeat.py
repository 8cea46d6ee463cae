"""The thread that looks after open runs: it outlives trouble, and ends when it is not needed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from aml_magics.errors import StoreError, StoreUnavailableError
from aml_magics.services.run import heartbeat, ingest, log, metric, run, search
from aml_magics.services.run import recovery as recover
from aml_magics.services.run.heartbeat import close_runs
from aml_magics.services.run.metric import MetricKind
from aml_magics.services.run.open_runs import open_runs
from aml_magics.store.catalogue.schema import journal
from tests.services.conftest import eventually


def _kept(store, record):
    """What the catalogue alone has."""
    with store.catalogue.read() as connection:
        return {
            head.name: head.count
            for head in store.metrics.heads(connection, [record.key])[record.key]
        }


def test_points_move_to_the_catalogue_while_the_run_is_open(store):
    record = run.start(store, "e")
    writer = metric.writer(store, record)
    writer.number("x", 1.0)
    eventually(lambda: _kept(store, record) == {"x": 1})
    writer.value("x", MetricKind.SCALAR, "text")
    eventually(lambda: _kept(store, record) == {"x": 2})
    assert metric.get_metrics(store, record) == {"x": [1.0, "text"]}


def test_heartbeat_ends_with_the_last_run_and_starts_with_the_next(store):
    first, second = run.start(store, "e"), run.start(store, "e")
    thread = open_runs(store).heartbeat
    assert heartbeat.is_beating(store)
    run.complete(store, first)
    assert thread.is_alive()
    run.complete(store, second)
    thread.join(60)
    assert not thread.is_alive()
    assert not heartbeat.is_beating(store)
    third = run.start(store, "e")
    metric.writer(store, third).number("x", 1.0)
    assert open_runs(store).heartbeat is not thread
    eventually(lambda: _kept(store, third) == {"x": 1})


def test_heartbeat_that_was_stopped_is_replaced(sqlite_store):
    run.start(sqlite_store, "e")
    heartbeat.stop_heartbeat(sqlite_store)
    record = run.start(sqlite_store, "e")
    metric.writer(sqlite_store, record).number("x", 1.0)
    eventually(lambda: _kept(sqlite_store, record) == {"x": 1})


@pytest.mark.parametrize("error", [StoreError("bad"), StoreUnavailableError("gone"), OSError("io")])
def test_heartbeat_survives_a_catalogue_that_fails_for_a_while(
    sqlite_store, monkeypatch, caplog, error
):
    monkeypatch.setattr(heartbeat, "LONGEST_PAUSE", 0.1)
    record = run.start(sqlite_store, "e")
    calls = []

    def refuse(*_args, **_options):
        calls.append(1)
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(sqlite_store.catalogue, "transact", refuse)
        metric.writer(sqlite_store, record).number("x", 1.0)
        eventually(lambda: len(calls) > 3)
        assert metric.get_metrics(sqlite_store, record) == {"x": 1.0}
    eventually(lambda: _kept(sqlite_store, record) == {"x": 1})
    assert caplog.text.count("points stay in their journals for now") == 1


def test_run_that_cannot_be_read_in_does_not_hold_up_the_others(sqlite_store, monkeypatch, caplog):
    bad, good = run.start(sqlite_store, "e"), run.start(sqlite_store, "e")
    real = ingest.ingest_live

    def picky(store, writer):
        if writer.run_key == bad.key:
            raise StoreError("this one is bad")
        real(store, writer)

    monkeypatch.setattr(heartbeat, "ingest_live", picky)
    metric.writer(sqlite_store, bad).number("x", 1.0)
    metric.writer(sqlite_store, good).number("x", 1.0)
    eventually(lambda: _kept(sqlite_store, good) == {"x": 1})
    assert _kept(sqlite_store, bad) == {}
    eventually(lambda: "this one is bad" in caplog.text)


def test_heartbeats_are_told(store, monkeypatch):
    monkeypatch.setattr(heartbeat, "HEARTBEAT", 0.05)
    run.start(store, "e")

    def heard():
        with store.catalogue.read() as connection:
            return store.owners.get(connection, {store.owner.id})[store.owner.id].heartbeat

    before = heard()
    eventually(lambda: heard() > before)


def test_process_that_exits_fails_the_runs_it_leaves_open(store, scripts):
    scripts.run("""
        record = run.start(store, "e", run_id="r")
        metric.writer(store, record).number("x", 1.0)
    """)
    found = run.get(store, "r")
    assert (found.status, found.error.code) == ("Failed", "NotCompleted")
    assert found.reason == "The process ended before run.complete() was called."
    assert metric.get_metrics(store, found) == {"x": 1.0}


def test_all_runs_that_are_open_at_exit_are_ended_with_what_they_printed(store, scripts):
    scripts.run("""
        for name in ("a", "b"):
            path = log.log_path(store, run.start(store, "e", run_id=name))
            path.write_text("printed")
    """)
    for name in ("a", "b"):
        found = run.get(store, name)
        assert (found.error.code, log.log_path(store, found).exists()) == ("NotCompleted", False)
        assert log.read_log(store, found) == "printed"


def test_exit_with_a_store_that_fails_is_quiet_and_the_next_one_ends_the_run(store, scripts):
    scripts.run("""
        run.start(store, "e", run_id="r")
        def refuse(*args, **options):
            raise StoreUnavailableError("gone")
        store.catalogue.transact = refuse
    """)
    assert search.search(store, status="Running")
    recover.recover(store)
    assert run.get(store, "r").error.code == "ProcessGone"


def test_forked_child_logs_to_the_run_of_its_parent(store, scripts):
    """A data loader's process may log too; its points are there when the run has ended."""
    said = scripts.run("""
        record = run.start(store, "e", run_id="r")
        metric.writer(store, record).number("parent", 1.0)
        child = os.fork()
        if child == 0:
            metric.writer(store, run.get(store, "r")).number("child", 2.0)
            os._exit(0)
        os.waitpid(child, 0)
        say(sorted(metric.get_metrics(store, record).items()))
        record = run.complete(store, record)
        say(sorted(metric.get_metrics(store, record).items()), [one.name for one in store.journals.iterdir()])
    """)
    assert said.splitlines() == [
        "[('child', 2.0), ('parent', 1.0)]",
        "[('child', 2.0), ('parent', 1.0)] []",
    ]


def test_a_process_that_ends_leaves_no_mark_of_a_journal(sqlite_store) -> None:
    record = run.start(sqlite_store, "e")
    metric.writer(sqlite_store, record).number("x", 1.0)
    run.complete(sqlite_store, record)
    assert marks(sqlite_store) == 1

    close_runs(sqlite_store)

    assert marks(sqlite_store) == 0


def marks(store) -> int:
    with store.catalogue.read() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(journal)))
