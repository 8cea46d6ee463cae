"""``%aml pipeline``."""

from __future__ import annotations

import pytest

from aml_magics.commands.pipeline.pipeline import PipelineCommand
from aml_magics.errors import PipelineError, UsageError
from aml_magics.records.status import RunStatus
from aml_magics.sdk.pipeline.pipeline_run import PipelineRun
from aml_magics.services.pipeline.submission import pipeline_of
from aml_magics.services.run import run as runs
from aml_magics.services.run.ending import end
from aml_magics.views.pipeline.output import PIPELINE
from tests.services.pipeline.scheduled import start_no_processes
from tests.views.pipeline.piped import done, piped, steps_of


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch):
    start_no_processes(monkeypatch)


def test_a_pipeline_is_shown_by_its_id_by_last_and_by_one_of_its_steps(ask, workspace, tmp_path):
    run = piped(workspace.store, tmp_path)
    step = steps_of(workspace.store, run)["left"].run
    for words in ([], ["last"], [run.id], [step.id]):
        answer = ask(workspace, "pipeline", *words)
        assert isinstance(answer.value, PipelineRun)
        assert answer.value.id == run.id
        assert "0 of 4 steps have ended" in answer.text
        assert PIPELINE in answer.bundle
    assert PipelineCommand().suggest(workspace, "pipeline")[:2] == ["last", run.name]
    assert f"%aml pipeline {run.id[:8]}" in answer.value._repr_html_()


def test_a_pipeline_is_canceled(ask, workspace, tmp_path):
    run = piped(workspace.store, tmp_path)
    ask(workspace, "pipeline", run.id, "cancel")
    assert runs.get(workspace.store, run.id).cancel_requested


def test_a_pipeline_runs_again_from_a_step(ask, workspace, tmp_path):
    store = workspace.store
    run = piped(store, tmp_path)
    done(store, run, "prepare")
    end(store, run.key, RunStatus.FAILED)
    again = ask(workspace, "pipeline", run.id, "rerun", "left").value
    assert pipeline_of(store, again.record).rerun_of == run.id
    assert steps_of(store, again.record)["prepare"].is_reused
    rest = ask(workspace, "pipeline", run.id, "rerun").value
    assert steps_of(store, rest.record)["prepare"].is_reused
    with pytest.raises(PipelineError, match=r"no step 'lift'\. Did you mean 'left'"):
        ask(workspace, "pipeline", run.id, "rerun", "lift")


def test_only_rerun_takes_a_step(ask, workspace, tmp_path):
    run = piped(workspace.store, tmp_path)
    with pytest.raises(UsageError, match="only rerun takes a step"):
        ask(workspace, "pipeline", run.id, "cancel", "left")


def test_without_pipelines_a_word_says_how_one_is_made(ask, workspace):
    with pytest.raises(PipelineError, match="No pipeline has run yet"):
        ask(workspace, "pipeline")
    with pytest.raises(PipelineError, match="is no run of a pipeline"):
        _ = ask(workspace, "pipeline", runs.start(workspace.store, "e").id).text
