"""Drafts as notebooks use them: made of anything, changed, tried, published, cloned."""

from __future__ import annotations

import pytest

from aml_magics.errors import PipelineError, PipelineNotFoundError
from aml_magics.sdk.pipeline.pipeline_draft import PipelineDraft
from tests.sdk.pipeline.published import pipeline_in


def test_a_draft_is_made_changed_and_published(workspace, tmp_path):
    pipeline = pipeline_in(workspace, tmp_path)
    draft = PipelineDraft.create(
        workspace,
        pipeline,
        name="try",
        experiment_name="e",
        pipeline_parameters={"rate": 0.1},
        tags={"k": "v"},
        properties={"p": "1"},
        continue_on_step_failure=True,
    )

    assert [one.id for one in PipelineDraft.list(workspace, tags={"k": "v"})] == [draft.id]
    assert PipelineDraft.list(workspace, tags="other") == []
    draft.update(name="better", description="d", pipeline_parameters={"rate": 0.2}, tags={})
    found = PipelineDraft.get(workspace, draft.id)
    assert (found.name, found.description, found.experiment_name) == ("better", "d", "e")
    assert (found.pipeline_parameters, found.tags, found.properties) == (
        {"rate": 0.2},
        {},
        {"p": "1"},
    )
    assert found.continue_on_step_failure
    published = found.publish()
    assert (published.name, published.get_graph().params) == ("better", {"rate": 0.2})
    found.delete()
    with pytest.raises(PipelineNotFoundError, match="No draft of a pipeline"):
        PipelineDraft(workspace, draft.id)
    assert "Name: better" in repr(draft.__class__._of(workspace, found._record))


def test_a_draft_is_made_of_a_published_pipeline_and_of_a_draft(workspace, tmp_path):
    published = pipeline_in(workspace, tmp_path).publish("train")

    first = PipelineDraft.create(workspace, published)
    second = PipelineDraft.create(
        workspace, first, experiment_name="e", pipeline_parameters={"rate": 2}
    )
    third = second.clone("copy")

    assert (first.name, first.parent_pipeline_id) == ("train", published.id)
    assert (third.name, third.experiment_name, third.pipeline_parameters) == (
        "copy",
        "e",
        {"rate": 2},
    )
    assert third.parent_pipeline_draft_id == second.id
    second.update(pipeline=pipeline_in(workspace, tmp_path, "Other"))
    assert [one.name for one in second.get_graph().nodes] == ["Other"]
    with pytest.raises(PipelineError, match=r"A draft is made of a Pipeline, .*, not str"):
        PipelineDraft.create(workspace, "train")


def test_a_draft_of_a_run_is_tried_again(scripts, tmp_path):
    run = scripts.submit(
        pipeline_in(scripts.workspace, tmp_path), pipeline_parameters={"rate": 0.1}
    )
    draft = PipelineDraft.create(scripts.workspace, run)

    again = draft.submit_run()

    assert (draft.parent_pipeline_run_id, draft.experiment_name) == (run.id, "scripts")
    assert draft.pipeline_parameters == {"rate": 0.1}
    assert draft.last_submitted_pipeline_run_id == again.id
    assert again.wait_for_completion(show_output=False) == "Finished"
