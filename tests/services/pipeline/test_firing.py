"""Each slot once: when processes are killed, clocks jump, and schedules are edited while due."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aml_magics.errors import PipelineError, StoreUnavailableError
from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.records.pipeline.recurrence import Recurrence
from aml_magics.services.pipeline import endpoint, firing, published, schedule
from aml_magics.services.pipeline.schedule import ScheduleEdit
from aml_magics.services.pipeline.submission import pipeline_of
from aml_magics.services.run import run as runs
from tests.services.pipeline.scheduled import EPOCH, pipeline, scheduled, start_no_processes, states

MINUTE = 60
HOUR = 3600
YEAR = 366 * 24 * HOUR


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch):
    start_no_processes(monkeypatch)


def fire(store, record, now):
    """What a process does with one schedule."""
    record = schedule.get(store, record.id)
    for slot in firing.claim_due(store, record, now):
        firing.start(store, record, slot)


def count(store, record):
    return len(schedule.run_ids(store, record))


def test_slot_starts_one_run_with_an_id_of_its_own(store):
    record = scheduled(store, parameters={"rate": 0.5})
    for second in (59.0, 60.0, 61.0, 90.0):
        fire(store, record, EPOCH + second)

    [slot] = schedule.history(store, record)
    assert (slot.slot, slot.state) == ("2026-03-03T08:01:00Z", "started")
    run = runs.get(store, slot.run_id)
    assert (run.experiment, run.properties["azureml.scheduleid"]) == ("scheduled", record.id)
    asked = pipeline_of(store, run)
    assert (asked.parameters["rate"], asked.schedule_id) == (0.5, record.id)
    assert asked.pipeline_id == record.pipeline_id


def test_schedule_that_only_counts_is_due_at_once_and_one_with_times_is_not(sqlite_store):
    counting = scheduled(sqlite_store, when=Recurrence("Hour", 1))
    timed = scheduled(sqlite_store, when=Recurrence("Day", 1, hours=(3,)))
    for record in (counting, timed):
        fire(sqlite_store, record, EPOCH + 0.5)
    assert states(sqlite_store, counting) == [("08:00", "started")]
    assert states(sqlite_store, timed) == []


def test_start_time_that_is_past_starts_nothing_at_once(sqlite_store):
    record = scheduled(sqlite_store, when=Recurrence("Hour", 1, "2020-01-01T00:00:00"))
    fire(sqlite_store, record, EPOCH + 1)
    assert count(sqlite_store, record) == 0
    fire(sqlite_store, record, EPOCH + HOUR)
    assert states(sqlite_store, record) == [("09:00", "started")]


def test_claimed_slot_of_a_killed_process_is_started_by_the_next(store):
    record = scheduled(store)
    [slot] = firing.claim_due(store, record, EPOCH + MINUTE)
    assert firing.claim_due(store, record, EPOCH + MINUTE + 1) == []
    assert count(store, record) == 0

    [found] = firing.pending(store, record)
    assert found == slot
    firing.start(store, record, found)
    firing.start(store, record, found)
    assert firing.pending(store, record) == []
    assert schedule.run_ids(store, record) == [firing.run_id_of(record, slot)]


def test_run_that_was_submitted_before_the_kill_is_not_submitted_again(store, monkeypatch):
    record = scheduled(store)
    [slot] = firing.claim_due(store, record, EPOCH + MINUTE)
    with monkeypatch.context() as patched:
        patched.setattr(firing, "settle", lambda *_: sys.exit("killed"))
        with pytest.raises(SystemExit):
            firing.start(store, record, slot)
    before = runs.get(store, firing.run_id_of(record, slot))
    [found] = firing.pending(store, record)
    firing.start(store, record, found)
    assert count(store, record) == 1
    assert runs.get(store, before.id).number == before.number


def test_two_that_start_a_slot_at_the_same_time_start_one_run(sqlite_store, monkeypatch):
    record = scheduled(sqlite_store)
    [slot] = firing.claim_due(sqlite_store, record, EPOCH + MINUTE)
    firing.start(sqlite_store, record, slot)
    monkeypatch.setattr(firing, "existing", lambda *_: [])  # it looked just before the other
    firing.start(sqlite_store, record, slot)
    assert states(sqlite_store, record) == [("08:01", "started")]


def test_store_that_is_away_leaves_the_slot_claimed(sqlite_store, monkeypatch):
    record = scheduled(sqlite_store)
    [slot] = firing.claim_due(sqlite_store, record, EPOCH + MINUTE)
    with monkeypatch.context() as patched:
        patched.setattr(published, "submit", _away)
        with pytest.raises(StoreUnavailableError, match="away"):
            firing.start(sqlite_store, record, slot)
    assert firing.pending(sqlite_store, record) == [slot]


def _away(*_, **__):
    raise StoreUnavailableError("away")


def test_missed_slots_do_not_run_and_are_told_of(store):
    record = scheduled(store)
    fire(store, record, EPOCH + MINUTE)
    fire(store, record, EPOCH + 12 * MINUTE)
    fire(store, record, EPOCH + 12 * MINUTE + 1)

    assert states(store, record) == [
        ("08:01", "started"),
        ("08:11", "missed"),
        ("08:12", "started"),
    ]
    missed = next(one for one in schedule.history(store, record) if one.state == "missed")
    assert missed.error.startswith(
        "10 slots were missed, from 2026-03-03T08:02:00Z to 2026-03-03T08:11:00Z"
    )


def test_slot_is_not_missed_by_a_process_that_is_busy_for_less_than_a_minute(sqlite_store):
    record = scheduled(sqlite_store, when=Recurrence("Hour", 1, "2026-03-03T08:00:00"))
    fire(sqlite_store, record, EPOCH + HOUR + 59)
    assert states(sqlite_store, record) == [("09:00", "started")]


@pytest.mark.parametrize(
    ("catch_up", "expected"),
    [
        ("latest", [("12:00", "missed"), ("13:00", "started")]),
        (1, [("12:00", "missed"), ("13:00", "started")]),
        (
            3,
            [("10:00", "missed"), ("11:00", "started"), ("12:00", "started"), ("13:00", "started")],
        ),
        (9, [(f"{hour:02}:00", "started") for hour in (9, 10, 11, 12, 13)]),
    ],
)
def test_missed_slots_run_as_far_as_was_asked(sqlite_store, catch_up, expected):
    when = Recurrence("Hour", 1, "2026-03-03T08:00:00")
    record = scheduled(sqlite_store, when=when, catch_up=catch_up)
    for second in (30 * MINUTE, 30 * MINUTE + 1):
        fire(sqlite_store, record, EPOCH + 5 * HOUR + second)
    assert states(sqlite_store, record) == expected


@pytest.mark.parametrize("catch_up", ["none", "latest", 500])
def test_editing_and_enabling_fire_no_past_slot(sqlite_store, catch_up):
    store = sqlite_store
    record = scheduled(store, catch_up=catch_up)
    stopped = EPOCH + 10 * MINUTE + 30
    disabled, active = PipelineStatus.DISABLED, PipelineStatus.ACTIVE
    edits = [
        ScheduleEdit(parameters={"rate": 2}),
        ScheduleEdit(when=Recurrence("Minute", 1, "2026-03-03T08:00:00")),
        ScheduleEdit(status=disabled),
        ScheduleEdit(status=active),
        ScheduleEdit(catch_up=7),
    ]
    for number, edit in enumerate(edits):
        now = stopped + number
        schedule.edit(store, record.id, edit, now)
        if edit.status is not disabled:
            fire(store, record, now + 0.5)
    assert count(store, record) == 0
    fire(store, record, EPOCH + 11 * MINUTE)
    assert count(store, record) == 1


def test_edit_of_parameters_loses_no_slot_that_is_just_due(sqlite_store):
    record = scheduled(sqlite_store)
    schedule.edit(sqlite_store, record.id, ScheduleEdit(parameters={"rate": 2}), EPOCH + 60.4)
    schedule.edit(sqlite_store, record.id, ScheduleEdit(name="renamed"), EPOCH + 60.5)
    fire(sqlite_store, record, EPOCH + 61)
    [id_] = schedule.run_ids(sqlite_store, record)
    assert pipeline_of(sqlite_store, runs.get(sqlite_store, id_)).parameters["rate"] == 2


def test_schedule_that_is_edited_between_look_and_claim_is_looked_at_again(store):
    record = scheduled(store)
    schedule.edit(store, record.id, ScheduleEdit(status=PipelineStatus.DISABLED), EPOCH + 60)
    assert firing.claim_due(store, record, EPOCH + 61) == []


def test_claimed_slot_of_a_schedule_that_was_disabled_says_so(sqlite_store):
    store = sqlite_store
    record = scheduled(store)
    firing.claim_due(store, record, EPOCH + MINUTE)
    schedule.edit(store, record.id, ScheduleEdit(status=PipelineStatus.DISABLED), EPOCH + HOUR)
    record = schedule.edit(
        store, record.id, ScheduleEdit(status=PipelineStatus.ACTIVE), EPOCH + 2 * HOUR
    )
    assert firing.pending(store, record) == []
    [slot] = schedule.history(store, record)
    assert (slot.state, slot.run_id) == ("failed", None)
    assert "was changed or disabled after it was due" in slot.error


def test_run_of_a_schedule_that_was_disabled_just_after_the_claim_is_not_started(sqlite_store):
    store = sqlite_store
    record = scheduled(store)
    [slot] = firing.claim_due(store, record, EPOCH + MINUTE)
    disabled = schedule.edit(store, record.id, ScheduleEdit(status=PipelineStatus.DISABLED))
    firing.start(store, disabled, slot)
    assert states(store, record) == [("08:01", "failed")]


def test_run_that_is_there_is_told_of_although_the_schedule_was_changed(sqlite_store, monkeypatch):
    store = sqlite_store
    record = scheduled(store)
    [slot] = firing.claim_due(store, record, EPOCH + MINUTE)
    with monkeypatch.context() as patched:
        patched.setattr(firing, "settle", lambda *_: None)
        firing.start(store, record, slot)
    record = schedule.edit(store, record.id, ScheduleEdit(parameters={"rate": 3}), EPOCH + HOUR)
    assert firing.pending(store, record) == []
    assert states(store, record) == [("08:01", "started")]


def test_clock_that_goes_back_and_a_year_ahead_fires_each_slot_once(store):
    record = scheduled(store, when=Recurrence("Hour", 1, "2026-03-03T08:00:00"))
    hours = [1, 2, 3, 2, 1, 3, 4]
    for hour in hours:
        fire(store, record, EPOCH + hour * HOUR + 1)
    assert count(store, record) == 4
    fire(store, record, EPOCH + YEAR + 1)
    assert count(store, record) == 5
    # back in its own time it goes on, as nothing remembers that year
    for hour in (4, 5, 6):
        fire(store, record, EPOCH + hour * HOUR + 1)
    assert count(store, record) == 7


def test_clock_that_was_ahead_at_an_edit_does_not_silence_the_schedule(sqlite_store):
    record = scheduled(sqlite_store)
    schedule.edit(sqlite_store, record.id, ScheduleEdit(parameters={"rate": 1}), EPOCH + YEAR)
    fire(sqlite_store, record, EPOCH + MINUTE)
    assert count(sqlite_store, record) == 0
    fire(sqlite_store, record, EPOCH + 2 * MINUTE)
    assert count(sqlite_store, record) == 1


def test_night_of_the_autumn_clock_change_has_one_run(sqlite_store):
    zone = "W. Europe Standard Time"
    when = Recurrence("Day", 1, "2026-10-20T02:30:00", zone)
    night = EPOCH - (EPOCH % 86400) + 236 * 86400  # 2026-10-25 00:00 UTC
    record = scheduled(sqlite_store, night - HOUR, when=when)
    for second in range(0, 4 * HOUR, 30):
        fire(sqlite_store, record, night + second)
    assert states(sqlite_store, record) == [("00:30", "started")]


def test_pipeline_that_was_disabled_says_so_at_each_slot_and_goes_on_when_enabled(store):
    record = scheduled(store)
    published.set_status(store, record.pipeline_id, PipelineStatus.DISABLED)
    fire(store, record, EPOCH + MINUTE)
    [slot] = schedule.history(store, record)
    assert slot.state == "failed"
    assert "is Disabled and starts no runs" in slot.error
    assert "is Disabled and starts no runs" in schedule.obstacle(store, record)

    published.set_status(store, record.pipeline_id, PipelineStatus.ACTIVE)
    fire(store, record, EPOCH + 2 * MINUTE)
    assert states(store, record) == [("08:01", "failed"), ("08:02", "started")]
    assert schedule.obstacle(store, record) == ""


def test_endpoint_runs_what_is_its_default_then(sqlite_store):
    store = sqlite_store
    one, other = pipeline(store), pipeline(store)
    address = endpoint.publish(store, "nightly", one)
    record = scheduled(store, endpoint_id=address.id)
    fire(store, record, EPOCH + MINUTE)
    endpoint.add_default(store, address, other)
    fire(store, record, EPOCH + 2 * MINUTE)
    found = [pipeline_of(store, runs.get(store, id_)) for id_ in schedule.run_ids(store, record)]
    assert [asked.pipeline_id for asked in found] == [other.id, one.id]
    assert {asked.endpoint_id for asked in found} == {address.id}


HUB = """
import os, sys
from pathlib import Path
from aml_magics.services.pipeline import submission
from aml_magics.services.workspace.workspace import open_folder
from aml_magics.workers.schedule.watch import Watch
submission.queue.ensure_scheduler = lambda store: None
submission.ensure_controller = lambda *_: None
now = float(sys.argv[2])
watch = Watch(open_folder(Path(sys.argv[1])), lambda: now)
for minute in range(200):
    now += 60
    watch.look()
watch.close()
"""


def test_two_hubs_on_one_store_start_200_runs_in_200_slots(store):
    record = scheduled(store)
    command = [sys.executable, "-c", HUB, str(store.folder), str(EPOCH)]
    hubs = [subprocess.Popen(command) for _ in range(2)]
    assert [hub.wait() for hub in hubs] == [0, 0]

    found = schedule.history(store, record)
    assert {one.state for one in found} == {"started"}
    assert len({one.run_id for one in found}) == len(found) == 200
    with store.catalogue.read() as connection:
        assert len(store.runs.get(connection, [one.run_id for one in found])) == 200


@pytest.mark.parametrize("catch_up", [0, 1001, "all", True, None, 1.5])
def test_catch_up_that_is_none_is_refused(sqlite_store, catch_up):
    with pytest.raises(PipelineError, match="catch_up is 'none', 'latest' or how many"):
        scheduled(sqlite_store, catch_up=catch_up)


def test_expressions_are_evaluated_for_each_run(sqlite_store):
    record = scheduled(sqlite_store, parameters={"rate": "@dayOfMonth(trigger().scheduledTime)"})
    fire(sqlite_store, record, EPOCH + MINUTE)
    [slot] = schedule.history(sqlite_store, record)
    run = runs.get(sqlite_store, slot.run_id)
    assert pipeline_of(sqlite_store, run).parameters["rate"] == 3
