"""Endpoints: versions, a default, and names that are unique."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    InvalidNameError,
    PipelineDisabledError,
    PipelineNotFoundError,
    UsageError,
)
from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.services.pipeline import endpoint, published
from tests.services.pipeline.graphs import graph_in


@pytest.fixture
def pipelines(store, tmp_path):
    graph = graph_in(store, tmp_path)
    return [published.publish(store, graph, name=f"p{number}") for number in range(3)]


@pytest.fixture
def train(store, pipelines):
    return endpoint.publish(store, "train", pipelines[0], description="d")


def now(store):
    return endpoint.get(store, name="train")


def test_an_endpoint_is_found_by_id_and_by_name(store, train):
    assert endpoint.get(store, id_=train.id) == endpoint.get(store, name=" train ") == train
    assert (train.default_version, train.description) == ("0", "d")


def test_an_endpoint_that_is_not_there_is_told(store, train):
    with pytest.raises(PipelineNotFoundError, match=r"named 'trian'.*Did you mean 'train'\?"):
        endpoint.get(store, name="trian")
    with pytest.raises(PipelineNotFoundError, match="No endpoint with the id 'x'"):
        endpoint.get(store, id_="x")
    with pytest.raises(UsageError, match="by its id or its name"):
        endpoint.get(store)


def test_versions_are_numbered_and_the_default_is_chosen(store, train, pipelines):
    assert endpoint.add(store, train, pipelines[1]) == "1"
    assert endpoint.add(store, train, pipelines[1]) == "1"
    assert now(store).default_version == "0"
    assert endpoint.add_default(store, train, pipelines[2]) == "2"
    assert now(store).default_version == "2"
    endpoint.set_default(store, train, "1")
    assert endpoint.pipeline_of(store, now(store)).name == "p1"
    assert endpoint.pipeline_of(store, now(store), "2").name == "p2"
    endpoint.set_default_pipeline(store, train, pipelines[0])
    assert now(store).default_version == "0"


def test_a_version_that_is_not_there_is_told(store, train, pipelines):
    with pytest.raises(PipelineNotFoundError, match="no version '7'; it has: 0"):
        endpoint.set_default(store, train, "7")
    with pytest.raises(PipelineNotFoundError, match=r"is no version of .*add_default\(pipeline\)"):
        endpoint.set_default_pipeline(store, train, pipelines[1])
    assert now(store) == train


def test_versions_that_are_added_at_once_have_different_numbers(store, train, tmp_path):
    graph = graph_in(store, tmp_path)
    new = [published.publish(store, graph) for _ in range(8)]
    found = []
    threads = [
        threading.Thread(target=lambda one=one: found.append(endpoint.add(store, train, one)))
        for one in new
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(found, key=int) == [str(number) for number in range(1, 9)]
    assert len(now(store).versions) == 9


def test_a_name_is_unique(store, train, pipelines):
    other = endpoint.publish(store, "other", pipelines[0])

    with pytest.raises(AlreadyExistsError, match=r"'train' is that of an endpoint that is Active"):
        endpoint.publish(store, "train", pipelines[0])
    with pytest.raises(AlreadyExistsError, match="unique in its workspace"):
        endpoint.rename(store, other, "train")
    with pytest.raises(InvalidNameError, match="name of an endpoint is empty"):
        endpoint.publish(store, "", pipelines[0])
    endpoint.set_status(store, train, PipelineStatus.ARCHIVED)
    with pytest.raises(AlreadyExistsError, match="Archived: reactivate it"):
        endpoint.publish(store, "train", pipelines[0])


def test_an_archived_endpoint_comes_back_under_another_name(store, train):
    endpoint.set_status(store, train, PipelineStatus.ARCHIVED)
    assert endpoint.endpoints(store) == []
    assert len(endpoint.endpoints(store, active_only=False)) == 1
    with pytest.raises(PipelineDisabledError, match=r"is Archived.*reactivate\(name\)"):
        endpoint.submit(store, "e", now(store))

    endpoint.rename(store, train, "again", PipelineStatus.ACTIVE)

    assert [one.name for one in endpoint.endpoints(store)] == ["again"]


def test_a_disabled_endpoint_or_version_starts_nothing(store, train, pipelines):
    endpoint.set_status(store, train, PipelineStatus.DISABLED)
    with pytest.raises(PipelineDisabledError, match=r"Endpoint 'train'.*is Disabled.*enable\(\)"):
        endpoint.submit(store, "e", now(store))
    endpoint.set_status(store, train, PipelineStatus.ACTIVE)
    published.set_status(store, pipelines[0].id, PipelineStatus.DISABLED)

    with pytest.raises(PipelineDisabledError, match="Published pipeline 'p0'"):
        endpoint.submit(store, "e", now(store))
    assert endpoint.pipelines_of(store, train) == []
    assert [one for one, _ in endpoint.pipelines_of(store, train, active_only=False)] == ["0"]


def test_an_endpoint_that_is_not_there_any_more_is_told(store, train):
    with pytest.raises(PipelineNotFoundError, match="not there any more"):
        endpoint.set_default(store, replace(train, id="x"), "0")
