"""The process of schedules: started on demand, alone, killed, ended, and one run a slot whatever comes."""

from __future__ import annotations

import os
import random
import time

import psutil

from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.records.pipeline.recurrence import Recurrence
from aml_magics.services.pipeline import firing, schedule
from aml_magics.services.pipeline.schedule import ScheduleEdit
from aml_magics.services.run import run as runs
from aml_magics.services.run.recovery import recover
from tests.services.pipeline.scheduled import scheduled
from tests.workers.conftest import ended, kill, processes_here, until

FEW = 5
KILLS = int(os.environ.get("AML_MAGICS_TEST_KILLS", FEW))
SLOTS = 40


def hubs(store):
    """The processes of schedules of a workspace."""
    found = []
    for process in processes_here():
        try:
            line = process.cmdline()
        except psutil.Error:
            continue
        if "aml_magics.workers.schedule" in line and str(store.folder) in line:
            found.append(process)
    return found


def test_new_schedule_runs_at_once_and_its_process_ends_when_it_is_disabled(store):
    record = scheduled(store, time.time(), when=Recurrence("Hour", 1))
    [run_id] = until(lambda: schedule.run_ids(store, record))
    run = ended(store, runs.get(store, run_id))
    assert run.status == "Completed"
    assert len(hubs(store)) == 1

    schedule.edit(store, record.id, ScheduleEdit(status=PipelineStatus.DISABLED))
    until(lambda: not hubs(store))
    assert not list((store.folder / "schedules").glob("*.log")) or not (
        (store.folder / "schedules" / "schedules.log").read_text()
    )


def test_process_is_alone_and_is_started_again_by_who_opens_the_workspace(store):
    record = scheduled(store, time.time(), when=Recurrence("Hour", 1))
    [first] = until(lambda: hubs(store))
    schedule.edit(store, record.id, ScheduleEdit(name="renamed"))
    recover(store)
    assert hubs(store) == [first]
    kill(first)
    first.wait()
    recover(store)
    [second] = until(lambda: [one for one in hubs(store) if one.pid != first.pid])
    assert second.is_running()


def test_each_slot_has_one_run_although_the_process_is_killed_again_and_again(store):
    """The slots of the last 40 minutes are to be caught up; kills come at random moments of that."""
    now = time.time()
    record = scheduled(
        store, now - SLOTS * 60 - 30, when=Recurrence("Minute", 1), catch_up=SLOTS + 20
    )
    for _ in range(KILLS):
        for process in until(lambda: hubs(store)):
            time.sleep(random.uniform(0, 0.4))
            kill(process)
            process.wait()
        recover(store)

    def done():
        recover(store)
        states = {one.state for one in schedule.history(store, record)}
        return len(schedule.run_ids(store, record)) > SLOTS and states == {"started"}

    until(done)
    slots = schedule.history(store, record)
    expected = [firing.run_id_of(record, slot) for slot in slots]
    assert [slot.run_id for slot in slots] == expected
    assert len(set(expected)) == len(expected)
    with store.catalogue.read() as connection:
        assert len(store.runs.get(connection, expected)) == len(expected)
