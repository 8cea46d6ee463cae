"""Published pipelines as notebooks use them: published, found, called by HTTP from the address they give."""

from __future__ import annotations

import pytest
import requests

from aml_magics import Experiment
from aml_magics.errors import PipelineError, PipelineNotFoundError
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_run import PipelineRun
from aml_magics.sdk.pipeline.published_pipeline import PublishedPipeline
from aml_magics.sdk.workspace.authentication import (
    InteractiveLoginAuthentication,
    ServicePrincipalAuthentication,
)
from tests.sdk.pipeline.published import pipeline_in


@pytest.fixture
def pipeline(workspace, tmp_path):
    return pipeline_in(workspace, tmp_path)


def test_a_pipeline_is_published_and_found(workspace, pipeline):
    made = pipeline.publish(name="train", version="1.0", continue_on_step_failure=True)

    found = PublishedPipeline.get(workspace, made.id)
    assert (found.name, found.version, found.description) == ("train", "1.0", "trains")
    assert (found.status, found.total_run_steps, found.graph_id) == ("Active", 1, made.id)
    assert found.continue_on_step_failure
    assert found.get_step_names() == ["Train"]
    assert found.get_graph().params == {"rate": 0.5}
    assert found.workspace is workspace
    again = PublishedPipeline("", "", "", "", made.id, "", "", 0, workspace)
    assert again.name == "train"


def test_only_active_ones_are_listed_unless_all_are_asked_for(workspace, pipeline):
    first, second = pipeline.publish("a"), pipeline.publish("b")
    first.disable()

    assert first.status == "Disabled"
    assert [one.id for one in PublishedPipeline.list(workspace)] == [second.id]
    assert len(PublishedPipeline.get_all(workspace, active_only=False)) == 2
    first.enable()
    assert len(PublishedPipeline.get_all(workspace)) == 2
    with pytest.raises(PipelineNotFoundError, match="No published pipeline"):
        PublishedPipeline.get(workspace, "x")


def test_it_is_written_as_yaml_that_can_be_loaded(workspace, pipeline, tmp_path):
    path = pipeline.publish("train").save(str(tmp_path / "p.yml"))

    assert [one.name for one in Pipeline.load_yaml(workspace, str(path)).graph.nodes] == ["Train"]


def test_it_is_called_at_the_address_that_it_shows(scripts, tmp_path):
    workspace = scripts.workspace
    run = scripts.submit(pipeline_in(workspace, tmp_path))
    made = run.publish_pipeline(name="train", description="d", version="1.0")
    principal = ServicePrincipalAuthentication("tenant", "id", "password")
    ids = []
    for way in (InteractiveLoginAuthentication(), principal):
        answer = requests.post(
            made.endpoint,
            headers=way.get_authentication_header(),
            json={"ExperimentName": "by-rest", "ParameterAssignments": {"rate": 0.25}},
            timeout=60,
        )
        answer.raise_for_status()
        ids.append(answer.json().get("Id"))

    called = PipelineRun(workspace.experiments["by-rest"], ids[0])
    assert next(called.get_children()).name == "Train"  # at once, without waiting
    assert called.wait_for_completion(show_output=False) == "Finished"
    assert (
        "0.25" in called.find_step_run("Train")[0].get_details_with_logs()["logFiles"].popitem()[1]
    )
    assert {one.id for one in PipelineRun.get_pipeline_runs(workspace, made.id)} == set(ids)
    assert f"Endpoint: {made.endpoint})" in repr(made)
    assert made.endpoint in made._repr_html_()


def test_it_is_submitted_by_itself_and_by_an_experiment(scripts, tmp_path, capsys):
    made = pipeline_in(scripts.workspace, tmp_path).publish("train")

    first = made.submit(scripts.workspace, "e", pipeline_parameters={"rate": 0.1})
    second = scripts.submit(made, pipeline_parameters={"rate": 0.1}, tags={"k": "v"})
    child = made.submit(scripts.workspace, "e", parent_run_id=first.id)

    assert f"Submitted PipelineRun {first.id}" in capsys.readouterr().out
    assert (second.experiment.name, second.tags) == ("scripts", {"k": "v"})
    assert child.parent.id == first.id
    with pytest.raises(PipelineError, match=r"without 'rate'.*It takes: pipeline_parameters"):
        scripts.submit(made, rate=1)
    with pytest.raises(PipelineError, match="begins with the workspace"):
        made.submit("e", "e")
    made.disable()
    with pytest.raises(PipelineError, match="is Disabled and starts no runs"):
        Experiment(scripts.workspace, "e").submit(made)
