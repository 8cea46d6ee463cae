"""Schedules are made, found and edited, and what breaks a rule is refused."""

from __future__ import annotations

import pytest

from aml_magics.errors import (
    DatastoreNotFoundError,
    InvalidNameError,
    PipelineError,
    PipelineNotFoundError,
)
from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.records.pipeline.recurrence import Recurrence, Trigger
from aml_magics.services.pipeline import endpoint, published, schedule
from aml_magics.services.pipeline.schedule import ScheduleEdit
from tests.services.pipeline.scheduled import EPOCH, pipeline, scheduled, start_no_processes


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch):
    start_no_processes(monkeypatch)


def test_schedule_is_found_by_id_prefix_and_name(store):
    record = scheduled(store, description="the first", parameters={"rate": "0.25"})
    assert schedule.get(store, record.id) == record
    assert schedule.find(store, record.id[:8]) == record
    assert schedule.find(store, "every minute") == record
    assert record.details["parameters"] == {"rate": 0.25}
    assert record.description == "the first"


def test_schedules_are_those_of_a_pipeline_or_an_endpoint(sqlite_store):
    store = sqlite_store
    one = scheduled(store)
    address = endpoint.publish(store, "address", pipeline(store))
    other = scheduled(store, EPOCH + 1, endpoint_id=address.id)
    assert [each.id for each in schedule.schedules(store)] == [other.id, one.id]
    assert schedule.schedules(store, pipeline_id=one.pipeline_id) == [one]
    assert schedule.schedules(store, endpoint_id=address.id) == [other]

    schedule.edit(store, one.id, ScheduleEdit(status=PipelineStatus.DISABLED))
    assert schedule.schedules(store) == [other]
    assert len(schedule.schedules(store, active_only=False)) == 2
    assert schedule.find(store, "every minute").id == other.id


def test_next_slot_is_that_of_an_active_schedule(sqlite_store):
    record = scheduled(sqlite_store)
    assert schedule.next_slot(record, EPOCH + 61) == EPOCH + 120
    record = schedule.edit(
        sqlite_store, record.id, ScheduleEdit(status=PipelineStatus.DISABLED), EPOCH
    )
    assert schedule.next_slot(record, EPOCH + 61) is None


def test_edit_changes_what_is_given(sqlite_store):
    record = scheduled(sqlite_store)
    edited = schedule.edit(
        sqlite_store,
        record.id,
        ScheduleEdit(name="other", description="d", continue_on_step_failure=True, catch_up=3),
        EPOCH + 30,
    )
    assert (edited.name, edited.description, edited.since) == ("other", "d", EPOCH + 30)
    assert edited.details["continue_on_step_failure"] is True
    assert schedule.when_of(edited) == schedule.when_of(record)
    watched = Trigger("workspaceblobstore", parameter="file")
    edited = schedule.edit(sqlite_store, record.id, ScheduleEdit(when=watched), EPOCH + 40)
    assert schedule.when_of(edited) == watched
    assert "recurrence" not in edited.details
    assert schedule.next_slot(edited, EPOCH + 50) is None


def test_what_breaks_a_rule_makes_no_schedule(sqlite_store):
    store = sqlite_store
    made = pipeline(store)
    wrong = [
        ({"pipeline_id": None}, PipelineError, "pipeline_id or pipeline_endpoint_id, one of both"),
        ({"pipeline_id": made.name}, PipelineNotFoundError, "A pipeline of that name has the id"),
        (
            {"pipeline_id": None, "endpoint_id": "none"},
            PipelineNotFoundError,
            "No endpoint with the id 'none'",
        ),
        ({"name": " "}, InvalidNameError, "name of a schedule is empty"),
        ({"experiment": ""}, InvalidNameError, "name of an experiment is empty"),
        ({"parameters": {"rat": 1}}, PipelineError, "Did you mean 'rate'"),
        ({"parameters": {"rate": "fast"}}, PipelineError, "Parameter 'rate' is a number"),
        ({"when": Recurrence("Day", 0)}, PipelineError, "interval is a whole number"),
        ({"when": Trigger("nowhere")}, DatastoreNotFoundError, "nowhere"),
        (
            {"when": Trigger("workspaceblobstore", parameter="rate")},
            PipelineError,
            "'rate' is no parameter of type DataPath .* It has: file",
        ),
    ]
    for wanted, error, message in wrong:
        with pytest.raises(error, match=message):
            scheduled(store, **{"pipeline_id": made.id, **wanted})
    published.set_status(store, made.id, PipelineStatus.DISABLED)
    with pytest.raises(PipelineError, match="is Disabled and starts no runs"):
        scheduled(store, pipeline_id=made.id)
    assert schedule.schedules(store, active_only=False) == []


def test_schedule_that_is_not_there_is_told_with_near_ones(sqlite_store):
    scheduled(sqlite_store)
    with pytest.raises(PipelineNotFoundError, match="Did you mean 'every minute'"):
        schedule.get(sqlite_store, "every minut")
    with pytest.raises(PipelineNotFoundError, match="No schedule ''"):
        schedule.find(sqlite_store, " ")


def test_schedule_that_vanishes_while_it_is_edited_says_so(sqlite_store, monkeypatch):
    record = scheduled(sqlite_store)
    monkeypatch.setattr(
        sqlite_store.schedules, "get", lambda *_, locked=False: None if locked else record
    )
    with pytest.raises(PipelineNotFoundError, match="is not there any more"):
        schedule.edit(sqlite_store, record.id, ScheduleEdit(name="x"))


def test_expression_is_kept_and_checked_when_the_schedule_is_made(sqlite_store):
    record = scheduled(sqlite_store, parameters={"rate": "@dayOfMonth(utcNow())"})
    assert record.details["parameters"] == {"rate": "@dayOfMonth(utcNow())"}
    edited = schedule.edit(
        sqlite_store, record.id, ScheduleEdit(parameters={"rate": "@dayOfWeek(utcNow())"}), EPOCH
    )
    assert edited.details["parameters"] == {"rate": "@dayOfWeek(utcNow())"}
    with pytest.raises(PipelineError, match=r"Parameter 'rate' is a number, not str .'20"):
        scheduled(sqlite_store, parameters={"rate": "@utcNow()"})
    with pytest.raises(PipelineError, match="Invalid pipeline parameter expression '@addDays"):
        scheduled(sqlite_store, parameters={"rate": "@addDays(utcNow())"})
