"""What screens show of schedules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aml_magics.services.pipeline import firing, schedule
from aml_magics.services.pipeline.schedule import ScheduleEdit
from aml_magics.views.pipeline import schedules
from aml_magics.views.pipeline.schedules import (
    schedule_detail,
    schedule_page,
    schedules_page,
    schedules_view,
)
from tests.services.pipeline.scheduled import EPOCH, scheduled, start_no_processes

HOSTILE = "<img src=x onerror=1>"


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch):
    start_no_processes(monkeypatch)


def test_missed_slots_are_a_problem_until_the_next_run(sqlite_store):
    record = scheduled(sqlite_store)
    for minute, problem in ((1, ""), (10, ""), (11, "")):
        for slot in firing.claim_due(sqlite_store, record, EPOCH + 60 * minute):
            firing.start(sqlite_store, record, slot)
        [row] = schedules_view(sqlite_store)
        assert (row.last_state, row.problem) == ("started", problem)
    firing.claim_due(sqlite_store, record, EPOCH + 60 * 30 + 59.9)
    detail = schedule_detail(sqlite_store, record)
    assert [one.state for one in detail.slots].count("missed") == 2


def test_detail_has_the_latest_slots_and_says_that_there_are_more(sqlite_store, monkeypatch):
    record = scheduled(sqlite_store)
    for minute in (1, 2, 3):
        firing.claim_due(sqlite_store, record, EPOCH + 60 * minute)
    monkeypatch.setattr(schedules, "SLOTS", 2)
    detail = schedule_detail(sqlite_store, record)
    assert [one.slot[11:16] for one in detail.slots] == ["08:03", "08:02"]
    assert detail.more
    assert "… and earlier ones" in schedule_page(detail).text


def test_names_are_text_on_every_page(sqlite_store):
    record = scheduled(sqlite_store, name=HOSTILE, description=HOSTILE, experiment=HOSTILE)
    schedule.edit(sqlite_store, record.id, ScheduleEdit(parameters={"rate": 1}))
    rows = [replace(one, problem=HOSTILE) for one in schedules_view(sqlite_store)]
    detail = schedule_detail(sqlite_store, schedule.get(sqlite_store, record.id))
    for page in (schedules_page("lab", rows), schedule_page(detail)):
        assert HOSTILE not in page.html
        assert "&lt;img" in page.html
