"""Endpoints as notebooks use them: versions, a default, and addresses that are split at ``Id``."""

from __future__ import annotations

import pytest
import requests

from aml_magics.errors import PipelineError, PipelineNotFoundError
from aml_magics.sdk.pipeline.pipeline_endpoint import PipelineEndpoint
from aml_magics.sdk.workspace.authentication import InteractiveLoginAuthentication
from tests.sdk.pipeline.published import pipeline_in


@pytest.fixture
def pipeline(workspace, tmp_path):
    return pipeline_in(workspace, tmp_path)


@pytest.fixture
def train(workspace, pipeline):
    return PipelineEndpoint.publish(workspace, "train", "d", pipeline)


def test_an_endpoint_is_found_with_its_versions(workspace, pipeline, train):
    other = pipeline.publish("other")
    train.add(other)

    found = PipelineEndpoint.get(workspace, name="train")
    assert found.id == PipelineEndpoint.get(workspace, id=train.id).id == train.id
    assert [one.version for one in found.list_versions()] == ["0", "1"]
    second = found.get_all_versions()[1]
    assert second.pipeline_id == second.pipeline.id == other.id
    assert [one.name for one in found.list_pipelines()][1] == "other"
    assert found.get_default_version() == found.default_version == "0"
    train.set_default_version("1")
    assert found.get_pipeline().id == other.id
    assert found.get_pipeline("0").id != other.id
    assert found.get_graph().params == {"rate": 0.5}
    train.add_default(pipeline)
    assert found.default_version == "2"
    train.set_default(other)
    assert found.default_version == "1"
    assert (found.description, found.workspace) == ("d", workspace)


def test_what_is_no_pipeline_is_no_version(workspace, train):
    with pytest.raises(PipelineError, match="is a Pipeline or a PublishedPipeline, not int"):
        train.add(1)
    with pytest.raises(PipelineError, match=r"set_default takes a PublishedPipeline"):
        train.set_default("1")
    with pytest.raises(PipelineNotFoundError, match="no version '9'"):
        train.get_pipeline("9")


def test_an_endpoint_is_disabled_archived_and_renamed(workspace, train):
    train.disable()
    assert train.status == "Disabled"
    assert PipelineEndpoint.list(workspace) == []
    train.enable()
    train.set_name("other")
    assert [one.name for one in PipelineEndpoint.list(workspace, max_results=1)] == ["other"]
    train.archive()
    assert PipelineEndpoint.get_all(workspace) == []
    assert len(PipelineEndpoint.get_all(workspace, active_only=False)) == 1
    train.reactivate("again")
    assert (train.name, train.status) == ("again", "Active")
    assert len(train.get_all_pipelines()) == 1


def test_azures_sample_calls_versions_by_id_and_by_name(scripts, tmp_path):
    workspace = scripts.workspace
    PipelineEndpoint.publish(workspace, "train", "d", pipeline_in(workspace, tmp_path))
    train = PipelineEndpoint.get(workspace, name="train")
    train.add(pipeline_in(workspace, tmp_path, "Other"))
    header = InteractiveLoginAuthentication().get_authentication_header()
    by_id = train.endpoint
    by_name = by_id.split("Id", 1)[0] + "Name?name=" + train.name

    def started(address):
        body = {"ExperimentName": "default_pipeline", "RunSource": "SDK"}
        answer = requests.post(address, headers=header, json=body, timeout=60)
        run = workspace.get_run(answer.json()["Id"])
        return [one.name for one in run.get_children()]

    assert started(by_id) == started(by_name) == started(f"{by_id}/0") == ["Train"]
    assert started(f"{by_id}/1") == started(f"{by_name}&pipelineVersion=1") == ["Other"]
    described = requests.get(train.swaggerurl, headers=header, timeout=60).json()
    assert described["swagger"] == "2.0"
    assert f"Endpoint: {by_id})" in repr(train)
    assert by_id in train._repr_html_()


def test_it_is_submitted_by_version(scripts, tmp_path):
    train = PipelineEndpoint.publish(
        scripts.workspace, "train", "d", pipeline_in(scripts.workspace, tmp_path)
    )
    train.add(pipeline_in(scripts.workspace, tmp_path, "Other"))

    first = train.submit("e", pipeline_parameters={"rate": 1})
    second = scripts.submit(train, pipeline_version="1")
    child = train.submit("e", parent_run_id=first.id, pipeline_version="0")

    assert next(first.get_steps()).name == "Train"
    assert next(second.get_steps()).name == "Other"
    assert child.parent.id == first.id
    with pytest.raises(PipelineError, match="An endpoint is submitted without 'version'"):
        scripts.submit(train, version="1")
