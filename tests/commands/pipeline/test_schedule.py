"""``%aml schedule``."""

from __future__ import annotations

import pytest

from aml_magics.commands._base import COMMANDS
from aml_magics.errors import PipelineNotFoundError, UsageError
from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.services.pipeline import firing, published, schedule
from tests.services.pipeline.scheduled import EPOCH, scheduled, start_no_processes


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch):
    start_no_processes(monkeypatch)


def test_schedule_is_shown_with_what_became_of_its_times(ask, workspace):
    store = workspace.store
    record = scheduled(store, parameters={"rate": 0.5})
    for minute in (1, 9):
        for slot in firing.claim_due(store, record, EPOCH + 60 * minute):
            firing.start(store, record, slot)

    answer = ask(workspace, "schedule", record.id[:8])
    assert answer.value.id == record.id
    for text in ("Every minute", "Parameter rate", "do not run", "7 slots were missed", "started"):
        assert text in answer.text
    assert schedule.run_ids(store, record)[0][:8] in answer.html


def test_problem_is_told_whole(ask, workspace):
    record = scheduled(workspace.store)
    published.set_status(workspace.store, record.pipeline_id, PipelineStatus.DISABLED)
    shown = " ".join(ask(workspace, "schedule", record.id).text.split())
    assert "is Disabled and starts no runs; enable() makes it active again" in shown


def test_schedule_is_disabled_and_enabled(ask, workspace):
    record = scheduled(workspace.store)
    assert ask(workspace, "schedule", "every minute", "disable").value.status == "Disabled"
    assert schedule.get(workspace.store, record.id).status == "Disabled"
    assert ask(workspace, "schedule", "every minute", "enable").value.status == "Active"
    assert "It was not due yet." in ask(workspace, "schedule", record.id).text


def test_schedule_of_another_machine_says_how_it_comes_here(ask, workspace):
    record = scheduled(workspace.store)
    workspace.store.catalogue.transact(
        lambda connection: workspace.store.schedules.change(
            connection, record.key, {"host": "elsewhere"}
        )
    )
    shown = ask(workspace, "schedule", record.id).text
    assert f"elsewhere (`%aml schedule {record.id[:8]} enable` moves it here)" in shown


def test_what_is_none_is_refused(ask, workspace):
    with pytest.raises(PipelineNotFoundError, match="No schedule 'none'"):
        ask(workspace, "schedule", "none")
    with pytest.raises(UsageError, match="delete"):
        ask(workspace, "schedule", "none", "delete")


def test_schedules_are_suggested(workspace):
    record = scheduled(workspace.store)
    command = COMMANDS.load("schedule")()
    assert command.suggest(workspace, "schedule") == [record.id[:8], "every minute"]
    assert command.suggest(workspace, "action") == []
