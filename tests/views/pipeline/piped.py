"""A pipeline of four steps whose scripts are never run: prepare feeds left and right, which report waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.records.data.data_use import DataFolder, DataOutput
from aml_magics.records.pipeline.definition import (
    FromStep,
    ParameterDefinition,
    PipelineDefinition,
    StepDefinition,
    StepInput,
    StepOutput,
)
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.services.pipeline.compilation import compile_graph
from aml_magics.services.pipeline.result import step_results
from aml_magics.services.pipeline.submission import submit
from aml_magics.services.run import run as runs
from aml_magics.services.run.ending import end

if TYPE_CHECKING:
    from pathlib import Path

    import sqlalchemy as sa

    from aml_magics.records.pipeline.pipeline import PipelineGraph
    from aml_magics.records.run import RunRecord
    from aml_magics.services.pipeline.result import StepResult
    from aml_magics.store.store import Store

PATH = "azureml/{run-id}/{output-name}"
FED = StepInput(DataFolder("clean", ""), FromStep("prepare", "clean"))
CLEAN = StepOutput(DataOutput("clean", "workspaceblobstore", PATH, results=()))


def graph(store: Store, folder: Path) -> PipelineGraph:
    """The compiled pipeline; its only script is ``work.py`` of the folder."""
    script = folder / "work.py"
    if not script.exists():
        script.write_text("print(1)\nprint(2)\n", encoding="utf-8")
    plan: dict[str, dict[str, Any]] = {
        "prepare": {"outputs": (CLEAN,)},
        "left": {"inputs": (FED,), "arguments": ("$AML_PARAMETER_rate",)},
        "right": {"inputs": (FED,), "run_after": ("prepare",)},
        "report": {"run_after": ("left", "right"), "allow_reuse": False},
    }
    steps = tuple(
        StepDefinition(
            id=name,
            name=name,
            kind="python_script",
            settings={"script_name": "work.py"},
            source_directory=str(folder),
            **more,
        )
        for name, more in plan.items()
    )
    rate = ParameterDefinition("rate", "float", 0.5)
    return compile_graph(store, PipelineDefinition(steps=steps, parameters=(rate,)))


def piped(store: Store, folder: Path, **options: Any) -> RunRecord:
    """Submit it."""
    return submit(store, "pipes", graph(store, folder), **options)


def steps_of(store: Store, run: RunRecord) -> dict[str, StepResult]:
    """The steps by their ids."""
    return {one.step.id: one for one in step_results(store, run)}


def done(store: Store, run: RunRecord, name: str, error: str = "") -> None:
    """Be the controller and the worker of a step: release it, and end it."""
    key = steps_of(store, run)[name].run.key

    def release(connection: sa.Connection) -> None:
        waiting = [RunStatus.NOT_STARTED]
        store.runs.move(connection, key, RunStatus.QUEUED, {}, expected=waiting)

    store.catalogue.transact(release, durable=True)
    assert runs.claim(store, key) is not None
    if error:
        end(store, key, RunStatus.FAILED, error=RunError("ValueError", error))
    else:
        end(store, key, RunStatus.COMPLETED)
