"""What the process of schedules does at each look, with a clock and files of the test."""

from __future__ import annotations

import pytest

from aml_magics.errors import DataAccessError
from aml_magics.records.data.dataset import Location
from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.records.pipeline.recurrence import Recurrence, Trigger
from aml_magics.services.data.store.location import storage_of
from aml_magics.services.pipeline import firing, published, schedule
from aml_magics.services.pipeline.schedule import ScheduleEdit
from aml_magics.services.pipeline.submission import pipeline_of
from aml_magics.services.run import run as runs
from aml_magics.workers.schedule import watch as watching
from aml_magics.workers.schedule.watch import Watch
from tests.services.pipeline.scheduled import EPOCH, scheduled, start_no_processes
from tests.workers.conftest import until

MINUTE = 60
FILES = "workspaceblobstore"


class Clock:
    """Both clocks of a watch, moved by the test."""

    def __init__(self):
        self.wall = EPOCH
        self.ticks = 1000.0

    def move(self, seconds):
        self.wall += seconds
        self.ticks += seconds


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch):
    start_no_processes(monkeypatch)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(sqlite_store, clock):
    made = Watch(sqlite_store, lambda: clock.wall, lambda: clock.ticks)
    yield made
    made.close()


@pytest.fixture
def folder(sqlite_store):
    storage, _ = storage_of(sqlite_store, Location("in", FILES))
    made = storage.folder / "in"
    made.mkdir(parents=True)
    (made / "old.csv").write_text("old")
    return made


def count(store, record):
    return len(schedule.run_ids(store, record))


def listed(watch, clock):
    """Look until the listing that is due has come, and what it found has settled."""
    for _ in range(2):
        watch.look()
        until(
            lambda: all(one.found is None or one.found.done() for one in watch._listings.values())
        )
        watch.look()
        clock.move(watching.SETTLING)


def paths(store, record):
    """The files that runs of a schedule were started for, by claim."""
    found = [runs.get(store, id_) for id_ in schedule.run_ids(store, record)]
    return sorted(pipeline_of(store, run).parameters["file"]["path"] for run in found)


def test_look_starts_what_is_due_and_says_whether_anything_is_active(sqlite_store, watch, clock):
    assert watch.look() is False
    record = scheduled(sqlite_store)
    assert watch.look() is True
    for _ in range(3):
        clock.move(MINUTE)
        watch.look()
        watch.look()
    assert count(sqlite_store, record) == 3
    schedule.edit(sqlite_store, record.id, ScheduleEdit(status=PipelineStatus.DISABLED))
    assert watch.look() is False


def test_all_that_is_due_is_claimed_before_the_first_run_starts(
    sqlite_store, watch, clock, monkeypatch
):
    records = [scheduled(sqlite_store) for _ in range(3)]
    claimed = []

    def start(store, _record, _slot):
        claimed.append(sum(len(firing.pending(store, one)) for one in records))

    monkeypatch.setattr(firing, "start", start)
    clock.move(MINUTE)
    watch.look()
    assert claimed == [3, 3, 3]


def test_what_a_killed_process_had_claimed_is_started_first(sqlite_store, watch, clock):
    record = scheduled(sqlite_store, when=Recurrence("Hour", 1, "2026-03-03T08:00:00"))
    [slot] = firing.claim_due(sqlite_store, record, EPOCH + 60 * MINUTE)
    clock.move(300 * MINUTE)
    watch.look()
    assert firing.run_id_of(record, slot) in schedule.run_ids(sqlite_store, record)


def test_schedule_whose_pipeline_fails_in_an_unforeseen_way_holds_up_no_other(
    sqlite_store, watch, clock, monkeypatch
):
    record = scheduled(sqlite_store)
    monkeypatch.setattr(published, "submit", lambda *_, **__: 1 / 0)
    clock.move(MINUTE)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            watch.look()
    watch.look()
    [slot] = schedule.history(sqlite_store, record)
    assert slot.state == "failed"
    assert "No run could be submitted in 3 tries; " in slot.error
    assert "schedules.log says why" in slot.error


def test_schedule_that_is_kept_as_nonsense_hides_no_other(sqlite_store, watch, clock, caplog):
    broken, record = scheduled(sqlite_store), scheduled(sqlite_store)
    sqlite_store.catalogue.transact(
        lambda connection: sqlite_store.schedules.change(
            connection, broken.key, {"details": {"recurrence": 7}}
        )
    )
    clock.move(MINUTE)
    for _ in range(3):
        watch.look()
    assert count(sqlite_store, record) == 1
    assert caplog.text.count(f"schedule {broken.id} waits until it is edited") == 1


def test_added_and_modified_files_start_a_run_each_with_their_path(
    sqlite_store, watch, clock, folder
):
    trigger = Trigger(FILES, "in", polling_interval=1, parameter="file")
    record = scheduled(sqlite_store, when=trigger)
    listed(watch, clock)
    assert count(sqlite_store, record) == 0

    (folder / "a@b.csv").write_text("a")
    (folder / "c.csv").write_text("c")
    listed(watch, clock)
    assert count(sqlite_store, record) == 0  # not before the interval has passed
    clock.move(MINUTE)
    listed(watch, clock)
    assert paths(sqlite_store, record) == ["in/a@b.csv", "in/c.csv"]

    (folder / "old.csv").write_text("modified")
    for _ in range(2):
        clock.move(MINUTE)
        listed(watch, clock)
    assert paths(sqlite_store, record) == ["in/a@b.csv", "in/c.csv", "in/old.csv"]


def test_file_that_is_still_written_waits(sqlite_store, watch, clock, folder):
    record = scheduled(
        sqlite_store, when=Trigger(FILES, "in", polling_interval=1, parameter="file")
    )
    (folder / "new.csv").write_text("1")
    for size in range(2, 5):
        watch.look()
        until(watch._listings[record.id].found.done)
        watch.look()
        (folder / "new.csv").write_text("1" * size)
        clock.move(watching.SETTLING)
    assert count(sqlite_store, record) == 0
    listed(watch, clock)
    assert count(sqlite_store, record) == 1


def test_interval_is_not_moved_by_the_wall_clock(sqlite_store, watch, clock, folder):
    record = scheduled(sqlite_store, when=Trigger(FILES, "in", polling_interval=1))
    listed(watch, clock)
    (folder / "new.csv").write_text("new")
    clock.wall += 400 * 86400
    listed(watch, clock)
    assert count(sqlite_store, record) == 0
    clock.wall -= 800 * 86400
    clock.ticks += MINUTE
    listed(watch, clock)
    assert count(sqlite_store, record) == 1


def test_files_that_came_while_it_was_disabled_start_nothing(sqlite_store, watch, clock, folder):
    record = scheduled(sqlite_store, when=Trigger(FILES, "in", polling_interval=1))
    schedule.edit(sqlite_store, record.id, ScheduleEdit(status=PipelineStatus.DISABLED))
    (folder / "meanwhile.csv").write_text("x")
    schedule.edit(sqlite_store, record.id, ScheduleEdit(status=PipelineStatus.ACTIVE))
    listed(watch, clock)
    assert count(sqlite_store, record) == 0


def test_files_that_came_while_no_process_was_there_start_their_runs(
    sqlite_store, watch, clock, folder
):
    record = scheduled(sqlite_store, when=Trigger(FILES, "in", polling_interval=60))
    (folder / "meanwhile.csv").write_text("x")
    listed(watch, clock)
    assert count(sqlite_store, record) == 1


def test_datastore_that_is_away_is_told_of_once(sqlite_store, watch, clock, folder, monkeypatch):
    record = scheduled(sqlite_store, when=Trigger(FILES, "in", polling_interval=1))
    with monkeypatch.context() as patched:
        patched.setattr(watching, "file_versions", _away)
        for _ in range(3):
            listed(watch, clock)
            clock.move(MINUTE)
    [slot] = schedule.history(sqlite_store, record)
    assert (slot.state, slot.error) == ("failed", "DataAccessError: it is away")
    (folder / "new.csv").write_text("new")
    clock.move(MINUTE)
    listed(watch, clock)
    assert count(sqlite_store, record) == 1


def _away(*_):
    raise DataAccessError("it is away")
