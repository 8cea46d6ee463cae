"""Schedules under Azure's names."""

from __future__ import annotations

from datetime import datetime

import pytest

from aml_magics.errors import PipelineError, PipelineNotFoundError
from aml_magics.sdk.pipeline.schedule.recurrence import ScheduleRecurrence, TimeZone
from aml_magics.sdk.pipeline.schedule.schedule import Schedule
from aml_magics.services.pipeline import endpoint, firing
from aml_magics.services.pipeline import schedule as schedules
from tests.services.pipeline.scheduled import pipeline, start_no_processes


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch):
    start_no_processes(monkeypatch)


def nightly():
    return ScheduleRecurrence(
        frequency="Week", interval=1, week_days=["Monday", "Friday"], time_of_day="3:30"
    )


def made(workspace, **wanted):
    wanted.setdefault("recurrence", nightly())
    return Schedule.create(
        workspace,
        name="nightly",
        pipeline_id=pipeline(workspace.store).id,
        experiment_name="scheduled",
        **wanted,
    )


def test_schedule_has_all_that_it_was_made_with(workspace):
    found = made(
        workspace, description="d", pipeline_parameters={"rate": 2}, continue_on_step_failure=True
    )
    assert (found.name, found.description, found.status) == ("nightly", "d", "Active")
    assert found.recurrence.week_days == ["Monday", "Friday"]
    assert (found.recurrence.hours, found.recurrence.minutes) == ([3], [30])
    assert found.recurrence.time_zone is TimeZone.UTC
    assert found.continue_on_step_failure is True
    assert found.pipeline_endpoint_id is None
    assert (found.datastore_name, found.polling_interval, found.path_on_datastore) == (None,) * 3
    assert found.data_path_parameter_name is None
    assert repr(found) == (
        f"Schedule(Name: nightly, Id: {found.id}, Status: Active, Pipeline Id: {found.pipeline_id}, "
        "Every week on Monday, Friday at 03:30 (UTC))"
    )
    assert Schedule.get(workspace, found.id).name == "nightly"


def test_schedules_are_listed_by_what_they_run(workspace):
    one = made(workspace)
    address = endpoint.publish(workspace.store, "address", pipeline(workspace.store))
    other = Schedule.create_for_pipeline_endpoint(
        workspace, "other", address.id, "scheduled", recurrence=ScheduleRecurrence("Hour", 2)
    )
    assert other.pipeline_endpoint_id == address.id
    assert f"Pipeline Endpoint Id: {address.id}" in repr(other)
    one.disable(wait_for_provisioning=True)
    assert [each.id for each in Schedule.list(workspace)] == [other.id]
    assert len(Schedule.get_all(workspace, active_only=False)) == 2
    by_pipeline = Schedule.get_schedules_for_pipeline_id(workspace, one.pipeline_id)
    assert [(each.id, each.status) for each in by_pipeline] == [(one.id, "Disabled")]
    by_endpoint = Schedule.get_schedules_for_pipeline_endpoint_id(workspace, address.id)
    assert [each.id for each in by_endpoint] == [other.id]


def test_runs_of_a_schedule_are_found_newest_first(workspace):
    found = made(workspace, recurrence=ScheduleRecurrence("Minute", 1))
    assert found.get_last_pipeline_run() is None
    record = schedules.get(workspace.store, found.id)
    for minute in (0, 1):
        for slot in firing.claim_due(workspace.store, record, record.created + 60 * minute):
            firing.start(workspace.store, record, slot)
    runs = found.get_pipeline_runs()
    assert len(runs) == 2
    assert runs[0].number > runs[1].number
    assert found.get_last_pipeline_run().id == runs[0].id


def test_update_changes_what_is_given(workspace):
    found = made(workspace)
    found.update(name="renamed", recurrence=ScheduleRecurrence("Day", 3), status="Disabled")
    assert (found.name, found.recurrence.frequency, found.status) == ("renamed", "Day", "Disabled")
    found.enable()
    found.update(
        datastore=workspace.get_default_datastore(),
        data_path_parameter_name="file",
        catch_up="latest",
    )
    assert found.recurrence is None
    assert (found.datastore_name, found.polling_interval) == ("workspaceblobstore", 5)
    found.update(polling_interval=9, path_on_datastore="in")
    assert found.data_path_parameter_name == "file"
    assert (found.polling_interval, found.path_on_datastore) == (9, "in")
    with pytest.raises(PipelineError, match="status is 'Active' or 'Disabled', not"):
        found.update(status="Paused")


def test_yaml_gives_the_arguments_of_create(workspace, tmp_path):
    path = tmp_path / "schedule.yml"
    path.write_text(
        "Schedule:\n  description: d\n  recurrence:\n    frequency: Day\n    interval: 1\n"
        "    start_time: 2026-06-07T10:50:00\n    time_zone: GMTStandardTime\n"
    )
    found = Schedule.load_yaml(workspace, path)
    assert found["recurrence"].time_zone is TimeZone.GMTStandardTime
    assert found["recurrence"].start_time == datetime.fromisoformat("2026-06-07T10:50:00")
    assert (
        made(
            workspace, recurrence=found["recurrence"], description=found["description"]
        ).description
        == "d"
    )
    path.write_text("Schedule: {description: d}")
    assert Schedule.load_yaml(workspace, path)["recurrence"] is None


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"recurrence": None}, "either recurrence=ScheduleRecurrence"),
        ({"datastore": "workspaceblobstore"}, "either recurrence=ScheduleRecurrence"),
        ({"recurrence": "daily"}, "recurrence is a ScheduleRecurrence"),
        ({"recurrence": None, "datastore": 7}, "datastore is a datastore, such as"),
        ({"path_on_datastore": "in"}, "are for a schedule with a datastore"),
        ({"pipeline_parameters": [1]}, "pipeline_parameters are values by name"),
    ],
)
def test_schedule_that_breaks_a_rule_is_refused(workspace, wanted, message):
    with pytest.raises(PipelineError, match=message):
        made(workspace, **wanted)


def test_schedule_that_is_not_there_is_refused(workspace):
    with pytest.raises(PipelineNotFoundError, match="No schedule 'none'"):
        Schedule.get(workspace, "none")
