"""A published pipeline whose runs are written and not executed, and schedules of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.records.pipeline.definition import (
    ParameterDefinition,
    PipelineDefinition,
    StepDefinition,
)
from aml_magics.records.pipeline.recurrence import Recurrence
from aml_magics.services.pipeline import published, schedule, submission
from aml_magics.services.pipeline.compilation import compile_graph
from aml_magics.services.pipeline.schedule import ScheduleRequest
from aml_magics.services.process.mark import JOB_VARIABLE

if TYPE_CHECKING:
    import pytest

    from aml_magics.records.pipeline.pipeline import PipelineRecord, ScheduleRecord
    from aml_magics.store.store import Store

EPOCH = 1_772_524_800.0
"""2026-03-03 08:00:00 UTC, a Tuesday."""


def start_no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs and schedules be written only; nothing is revived in a script."""
    monkeypatch.setenv(JOB_VARIABLE, "test")
    monkeypatch.setattr(submission.queue, "ensure_scheduler", lambda _: None)
    for module in (submission, schedule):
        monkeypatch.setattr(module, "ensure_controller", lambda *_: None)
    monkeypatch.setattr(published, "revive_rest", lambda _: None)


def pipeline(store: Store) -> PipelineRecord:
    """A published pipeline of one command, with a plain parameter and a path."""
    definition = PipelineDefinition(
        name="nightly",
        steps=(
            StepDefinition(
                id="00000001",
                name="say",
                kind="command",
                settings={
                    "command": ["echo", "rate=$AML_PARAMETER_rate", "file=$AML_PARAMETER_file"]
                },
            ),
        ),
        parameters=(
            ParameterDefinition("rate", "float", 0.1),
            ParameterDefinition("file", "datapath", {"datastore": "files", "path": "none"}),
        ),
    )
    return published.publish(store, compile_graph(store, definition))


def scheduled(store: Store, now: float = EPOCH, **wanted: Any) -> ScheduleRecord:
    """A schedule of such a pipeline, every minute unless told otherwise."""
    if "endpoint_id" not in wanted:
        wanted.setdefault("pipeline_id", pipeline(store).id)
    asked = {
        "name": "every minute",
        "experiment": "scheduled",
        "when": Recurrence("Minute", 1, "2026-03-03T08:00:00"),
        **wanted,
    }
    return schedule.create(store, ScheduleRequest(**asked), now)


def states(store: Store, record: ScheduleRecord) -> list[tuple[str, str]]:
    """What a schedule was due for, the earliest first, without the date."""
    found = sorted(schedule.history(store, record), key=lambda one: one.slot)
    return [(one.slot[11:16], str(one.state)) for one in found]
