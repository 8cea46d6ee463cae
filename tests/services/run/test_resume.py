"""Resume: one more attempt whose series, log and journal go on where they ended."""

from __future__ import annotations

import pytest

from aml_magics.errors import RunStateError
from aml_magics.records.run import RunError
from aml_magics.services.run import log, metric, run
from aml_magics.services.run.cancel import cancel
from aml_magics.services.workspace import workspace
from tests.services.conftest import kill


def test_resumed_run_goes_on_with_its_series(store):
    record = run.start(store, "e")
    for step in range(3):
        metric.writer(store, record).number("loss", float(step))
    run.fail(store, record, RunError("E", "m"))
    again = run.resume(store, record)
    assert (again.status, again.attempt, again.error, again.ended) == ("Running", 2, None, None)
    for step in range(3):
        metric.writer(store, again).number("loss", 10.0 + step)
    done = run.complete(store, again)
    points = metric.series(store, done, "loss")
    assert points.steps.tolist() == [0, 1, 2, 3, 4, 5]
    assert points.plain() == [0.0, 1.0, 2.0, 10.0, 11.0, 12.0]


def test_points_of_a_resumed_run_are_seen_before_they_are_read_in(sqlite_store, monkeypatch):
    """The new journal must not begin behind the mark of the old one."""
    monkeypatch.setattr("aml_magics.services.run.run.start_heartbeat", lambda store: None)
    monkeypatch.setattr("aml_magics.services.run.metric.start_heartbeat", lambda store: None)
    record = run.start(sqlite_store, "e")
    metric.writer(sqlite_store, record).number("loss", 1.0)
    cancel(sqlite_store, record)
    again = run.resume(sqlite_store, record)
    metric.writer(sqlite_store, again).number("loss", 2.0)
    assert metric.get_metrics(sqlite_store, again) == {"loss": [1.0, 2.0]}
    run.complete(sqlite_store, again)
    assert metric.get_metrics(sqlite_store, again) == {"loss": [1.0, 2.0]}


def test_killed_attempt_and_its_resumed_one_are_one_series(store, scripts):
    """R1: a kill after a resume in the same process loses nothing either."""
    writer = scripts.start("""
        record = run.start(store, "e", run_id="r")
        metric.writer(store, record).number("loss", 1.0)
        run.fail(store, record)
        record = run.resume(store, record)
        metric.writer(store, record).number("loss", 2.0)
        say("logged")
        time.sleep(600)
    """)
    assert writer.stdout.readline() == "logged\n"
    kill(writer)
    again = run.resume(store, run.get(store, "r"))
    metric.writer(store, again).number("loss", 3.0)
    run.complete(store, again)
    assert again.attempt == 3
    assert metric.get_metrics(store, again) == {"loss": [1.0, 2.0, 3.0]}
    assert metric.series(store, again, "loss").steps.tolist() == [0, 1, 2]


def test_open_or_completed_run_is_not_resumed(store):
    record = run.start(store, "e")
    with pytest.raises(RunStateError, match=r"Run 'e-1' is Running; only a Failed or Canceled run"):
        run.resume(store, record)
    run.complete(store, record)
    with pytest.raises(RunStateError, match=r"Run 'e-1' is Completed; .* Start a new run instead"):
        run.resume(store, record)


def test_log_of_a_resumed_run_follows_the_earlier_one(store):
    record = run.start(store, "e")
    log.log_path(store, record).write_bytes(b"first\r\n\xff\n")
    run.fail(store, record)
    again = run.resume(store, record)
    assert log.read_log(store, again) == "first\r\n�\n"
    with log.log_path(store, again).open("ab") as file:
        file.write(b"second\n")
    run.complete(store, again)
    assert log.read_log(store, again) == "first\r\n�\nsecond\n"


def test_resume_keeps_a_log_that_is_longer_than_what_is_shown(sqlite_store, monkeypatch):
    monkeypatch.setattr(log, "read_log", lambda *_: pytest.fail("a log is copied, not shown"))
    record = run.start(sqlite_store, "e")
    whole = b"x" * (1 << 24) + b"tail\n"
    log.log_path(sqlite_store, record).write_bytes(whole)
    run.fail(sqlite_store, record)
    again = run.resume(sqlite_store, record)
    assert log.log_path(sqlite_store, again).read_bytes() == whole


def test_run_is_resumed_by_another_store_of_this_process(sqlite_store):
    record = run.start(sqlite_store, "e")
    metric.writer(sqlite_store, record).number("x", 1.0)
    workspace.forget(sqlite_store)
    opened = workspace.open_named("test")
    assert metric.get_metrics(opened, record) == {"x": 1.0}
    run.fail(opened, run.get(opened, record.id))
    assert metric.get_metrics(opened, run.resume(opened, record)) == {"x": 1.0}
    cancel(opened, record)
    workspace.forget(opened)
