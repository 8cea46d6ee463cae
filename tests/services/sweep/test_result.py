"""What came of a sweep, while it runs and after it."""

from __future__ import annotations

import pytest

from aml_magics.errors import SweepError
from aml_magics.records.status import RunStatus
from aml_magics.records.sweep.sweep import Goal
from aml_magics.services.run import metric
from aml_magics.services.run import run as runs
from aml_magics.services.run.recovery import recover
from aml_magics.services.sweep.result import ranked, results, sweep_of
from aml_magics.store.tables.owner import OwnerTable
from tests.services.sweep.in_process import controlled, submit, without_processes


def test_results_are_live_and_ranked_by_the_goal(store, tmp_path, monkeypatch):
    without_processes(monkeypatch)
    record = submit(store, tmp_path, goal=Goal.MINIMIZE)
    with controlled(store, record.id) as one:
        one.round()
        one.end(0, 0.4, 0.2, 0.3)
        one.log(1, 0.1, 0.5)
        one.round()
        found = results(store, record)
        for number in (1, 2):
            one.end(number)
        one.finish()

    assert [trial.metric for trial in found] == [0.2, 0.1, None]
    assert [str(trial.status) for trial in found] == ["Completed", "Preparing", "Queued"]
    assert [trial.number for trial in ranked(sweep_of(store, record), found)] == [1, 0, 2]
    assert [trial.metric for trial in results(store, record)] == [0.2, 0.1, None]


def test_what_is_no_sweep_says_so(sqlite_store):
    with pytest.raises(SweepError, match="is no sweep"):
        results(sqlite_store, runs.start(sqlite_store, "e"))


def test_new_points_of_several_runs_are_read_once(store):
    both = [runs.start(store, "e") for _ in range(2)]
    for at, record in enumerate(both):
        for step in range(3):
            metric.writer(store, record).number("acc", at + step / 10)
        metric.writer(store, record).number("loss", 9.0)
    first, second = (record.key for record in both)

    assert metric.new_points(store, both, "acc") == {
        first: [0.0, 0.1, 0.2],
        second: [1.0, 1.1, 1.2],
    }
    assert metric.new_points(store, both, "acc", {first: 2, second: 3}) == {
        first: [0.2],
        second: [],
    }
    runs.complete(store, both[0])  # its points are in the catalogue now
    assert metric.new_points(store, both, "acc", {first: 1}) == {
        first: [0.1, 0.2],
        second: [1.0, 1.1, 1.2],
    }
    assert metric.new_points(store, [], "acc") == {}


def test_a_sweep_whose_controller_is_dead_stays_open_and_other_runs_fail(
    sqlite_store, tmp_path, monkeypatch
):
    without_processes(monkeypatch)
    record = submit(sqlite_store, tmp_path)
    with controlled(sqlite_store, record.id):
        other = runs.start(sqlite_store, "e")
    monkeypatch.setattr(OwnerTable, "is_alive", lambda *_: False)
    recover(sqlite_store)
    statuses = [one.status for one in runs.existing(sqlite_store, [record.id, other.id])]

    assert statuses == [RunStatus.RUNNING, RunStatus.FAILED]
