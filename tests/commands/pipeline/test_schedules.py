"""``%aml schedules``."""

from __future__ import annotations

import pytest

from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.services.pipeline import published, schedule
from aml_magics.services.pipeline.schedule import ScheduleEdit
from tests.services.pipeline.scheduled import EPOCH, scheduled, start_no_processes


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch):
    start_no_processes(monkeypatch)


def test_schedules_are_listed_with_when_they_run_next(ask, workspace):
    one = scheduled(workspace.store)
    other = scheduled(workspace.store, EPOCH + 1, name="<b>other</b>")
    schedule.edit(workspace.store, one.id, ScheduleEdit(status=PipelineStatus.DISABLED))

    answer = ask(workspace, "schedules")
    assert "Every minute" in answer.text
    assert "Every minute from 2026-03-03 08:00:00 (UTC)" in answer.html
    assert "&lt;b&gt;other" in answer.html
    assert answer.value["id"].tolist() == [other.id, one.id]
    assert answer.value["status"].tolist() == ["Active", "Disabled"]
    assert str(answer.value["next"].dtype) == "datetime64[us, UTC]"
    assert ask(workspace, "schedules", "--active").value["id"].tolist() == [other.id]


def test_pipeline_that_was_disabled_is_the_problem_of_its_schedule(ask, workspace):
    record = scheduled(workspace.store)
    published.set_status(workspace.store, record.pipeline_id, PipelineStatus.DISABLED)
    [problem] = ask(workspace, "schedules").value["problem"]
    assert "is Disabled and starts no runs; enable() makes it active again" in problem


def test_without_schedules_the_table_says_how_to_make_one(ask, workspace):
    answer = ask(workspace, "schedules")
    assert "Schedule.create(workspace, name, pipeline_id" in answer.text
    assert len(answer.value) == 0
