"""Compiles a pipeline: its folders are kept, and each step gets the run and the job that it will be."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.compute import LOCAL
from aml_magics.records.data.data_use import DataUse
from aml_magics.records.pipeline.pipeline import STEP_RUN, PipelineGraph, StepTemplate
from aml_magics.services.job import source, submission
from aml_magics.services.job.source import NO_SOURCE, Source
from aml_magics.services.job.submission import Submission
from aml_magics.services.pipeline.module.step import with_modules
from aml_magics.services.pipeline.parameter import default_values, filled
from aml_magics.services.pipeline.validation import check

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import PipelineDefinition, StepDefinition
    from aml_magics.records.pipeline.module import ModuleVersion
    from aml_magics.store.store import Store


def compile_graph(store: Store, written: PipelineDefinition) -> PipelineGraph:
    """Check a pipeline, and keep its folders and datasets, so that it can run without them.

    A step of a module is pinned to the version that it has now.

    Raises:
        PipelineError: it cannot run as it is written; every error is said.
        SubmissionError: a script is not there, or a folder cannot be kept.
        ComputeTargetError: a compute target is not there, takes no runs, or has too few nodes.
        NotFoundError: a dataset, a datastore, a module or a version of one is not there.
    """
    definition, versions = with_modules(store, written)
    check(definition)
    folders: dict[str, Source] = {}
    templates = {
        step.id: _template(store, definition, step, folders, versions.get(step.id))
        for step in definition.steps
    }
    return PipelineGraph(definition, templates)


def _template(
    store: Store,
    definition: PipelineDefinition,
    step: StepDefinition,
    folders: dict[str, Source],
    version: ModuleVersion | None,
) -> StepTemplate:
    folder = step.source_directory
    if folder and folder not in folders:
        folders[folder] = source.keep_folder(store, Path(folder))
    wanted = _submission(definition, step)
    kept, parts = folders.get(folder, NO_SOURCE), None
    if version is not None:  # its folder may be gone since
        kept, parts = Source(version.source_id, version.files, ()), version.parts
    prepared = submission.prepare(store, _EXPERIMENT, wanted, kept=kept, parts=parts)
    run = {name: getattr(prepared.record, name) for name in ("type", "target", "properties")}
    return StepTemplate(asdict(prepared.job), run, kept.id, kept.files, prepared.parts)


_EXPERIMENT = "pipeline"
"""What is prepared has no experiment yet; any name passes the check."""


def _submission(definition: PipelineDefinition, step: StepDefinition) -> Submission:
    """A step as a submission, with the defaults of parameters and the data that is known."""
    command = STEPS.load(step.kind)().command(step)
    values = default_values(definition)
    usual = filled(step, values)
    fixed = [one.part for one in step.inputs if one.origin is None]
    settings = step.run
    return Submission(
        folder=Path(step.source_directory),
        script=command.script,
        command=() if command.script else command.words,
        arguments=step.arguments,
        environment=settings.environment,
        python=settings.python or sys.executable,
        variables=settings.variables,
        max_seconds=settings.max_seconds,
        name=step.name,
        type=STEP_RUN,
        definition=settings.definition,
        data=DataUse.of([*fixed, *(one.part for one in step.outputs)]),
        target=usual.target or definition.target or LOCAL,
        nodes=settings.nodes,
        distribution=settings.distribution,
    )
