"""Pipelines of short scripts, and their controllers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from aml_magics.records.data.data_use import DataFolder, DataOutput
from aml_magics.records.pipeline.definition import (
    FromStep,
    PipelineDefinition,
    StepDefinition,
    StepInput,
    StepOutput,
)
from aml_magics.services.pipeline.compilation import compile_graph
from aml_magics.services.pipeline.result import step_results
from aml_magics.services.pipeline.submission import submit
from aml_magics.services.run import run as runs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.services.pipeline.result import StepResult
    from aml_magics.store.store import Store

PATH = "azureml/{run-id}/{output-name}"


def step(
    name: str,
    script: str,
    *arguments: str,
    writes: Sequence[str] = (),
    reads: Sequence[str] = (),
    after: Sequence[str] = (),
    **more: Any,
) -> StepDefinition:
    """A step whose id is its name; ``reads`` are outputs of others, as ``step.output``."""
    inputs = [one.partition(".") for one in reads]
    return StepDefinition(
        id=name,
        name=name,
        kind="python_script",
        settings={"script_name": script},
        arguments=arguments,
        inputs=tuple(
            StepInput(DataFolder(output, ""), FromStep(writer, output))
            for writer, _, output in inputs
        ),
        outputs=tuple(
            StepOutput(DataOutput(one, "workspaceblobstore", PATH, results=())) for one in writes
        ),
        run_after=tuple(after),
        allow_reuse=more.pop("allow_reuse", False),
        **more,
    )


@pytest.fixture
def pipeline_in(tmp_path: Path) -> Callable[..., RunRecord]:
    """Submit a pipeline of scripts that are given as text to a store."""

    def submit_(
        store: Store,
        scripts: dict[str, str],
        *steps: StepDefinition,
        parameters: Sequence[Any] = (),
        given: dict[str, Any] | None = None,
        **options: Any,
    ) -> RunRecord:
        folder = tmp_path / "piped"
        folder.mkdir(exist_ok=True)
        for name, code in scripts.items():
            (folder / name).write_text(code, encoding="utf-8")
        placed = tuple(replace(one, source_directory=str(folder)) for one in steps)
        definition = PipelineDefinition(steps=placed, parameters=tuple(parameters))
        graph = compile_graph(store, definition)
        return submit(store, "pipelines", graph, parameters=given, **options)

    return submit_


def steps_of(store: Store, pipeline: RunRecord) -> dict[str, StepResult]:
    """The steps of a run by name."""
    found = step_results(store, runs.get(store, pipeline.id))
    return {one.step.name: one for one in found}


def controllers(store: Store) -> list[psutil.Process]:
    """The controllers of a workspace."""
    found = []
    for process in psutil.process_iter():
        try:
            line = process.cmdline()
            if "aml_magics.workers.pipeline" in line and str(store.folder) in line:
                found.append(process)
        except psutil.Error:
            continue
    return found
