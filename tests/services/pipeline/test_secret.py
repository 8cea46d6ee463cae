"""Secrets of a pipeline are kept while it may run, and nowhere after that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aml_magics.errors import PipelineError
from aml_magics.records.pipeline.definition import RunSettings, StepDefinition
from aml_magics.records.status import RunStatus
from aml_magics.services.pipeline.rerun import rerun
from aml_magics.services.pipeline.result import step_results
from aml_magics.services.pipeline.secret import forget_secrets
from aml_magics.services.pipeline.submission import pipeline_of
from aml_magics.services.run import run as runs
from aml_magics.services.run.ending import end

SECRET = "hunter2hunter2"
STEP = StepDefinition(
    id="a",
    name="a",
    kind="python_script",
    settings={"script_name": "a.py"},
    arguments=("--password", SECRET),
    run=RunSettings(variables={"API_KEY": SECRET, "PLAIN": "x"}),
)


def stored(store):
    """All text of the tables of a store."""
    with store.catalogue.read() as connection:
        raw = connection.connection.driver_connection
        return "\n".join(raw.iterdump())


def test_an_ended_pipeline_has_forgotten_its_secrets(sqlite_store, submit):
    run = submit(STEP)
    [step] = step_results(sqlite_store, run)
    assert pipeline_of(sqlite_store, run).graph.templates["a"].job["variables"]["API_KEY"] == SECRET
    end(
        sqlite_store,
        runs.claim(sqlite_store, step.run.key).key,
        RunStatus.COMPLETED,
        is_submitted=True,
    )
    sqlite_store.catalogue.transact(lambda c: forget_secrets(sqlite_store, c, run.key))
    graph = pipeline_of(sqlite_store, run).graph

    assert SECRET not in stored(sqlite_store)
    assert graph.definition.steps[0].run.variables == {"API_KEY": "***", "PLAIN": "x"}
    with pytest.raises(PipelineError, match="Step 'a' was given a secret"):
        rerun(sqlite_store, run, "a")
    again = submit(STEP)  # all of it is reused, so nothing needs the secret
    assert again.status is RunStatus.COMPLETED
    assert SECRET not in stored(sqlite_store)


def test_another_secret_is_no_change(sqlite_store, submit):
    run = submit(STEP)
    [step] = step_results(sqlite_store, run)
    end(sqlite_store, runs.claim(sqlite_store, step.run.key).key, RunStatus.COMPLETED)
    other = replace(STEP, run=RunSettings(variables={"API_KEY": "another one", "PLAIN": "x"}))
    assert submit(other).status is RunStatus.COMPLETED
