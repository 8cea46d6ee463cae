"""Drafts: kept, changed, published, deleted."""

from __future__ import annotations

import pytest

from aml_magics.errors import ArtifactNotFoundError, PipelineError, PipelineNotFoundError
from aml_magics.services.pipeline import draft, published
from tests.fixtures.pipelines import graph_in


@pytest.fixture
def graph(store, tmp_path):
    return graph_in(store, tmp_path)


def test_a_draft_is_kept_with_what_its_runs_will_have(store, graph):
    made = draft.create(
        store,
        graph,
        name="try",
        experiment="e",
        parameters={"rate": "0.25"},
        continue_on_step_failure=True,
        tags={"k": "v"},
        properties={"p": "1"},
        origin={"run_id": "r"},
    )

    found = draft.get(store, made.id)
    assert found == made
    assert found.details == {
        "experiment": "e",
        "parameters": {"rate": 0.25},
        "continue_on_step_failure": True,
        "tags": {"k": "v"},
        "properties": {"p": "1"},
        "origin": {"run_id": "r"},
        "last_run_id": None,
    }
    assert published.published(store) == []


def test_drafts_are_listed_by_their_tags(store, graph):
    first = draft.create(store, graph, tags={"k": "v"})
    second = draft.create(store, graph, tags={"k": "w"})

    assert [one.id for one in draft.drafts(store)] == [second.id, first.id]
    assert [one.id for one in draft.drafts(store, {"k": "v"})] == [first.id]
    assert len(draft.drafts(store, {"k": None})) == 2


def test_a_parameter_that_the_pipeline_has_not_is_refused(store, graph):
    with pytest.raises(PipelineError, match=r"no parameter 'rte'.*Did you mean 'rate'"):
        draft.create(store, graph, parameters={"rte": 1})
    made = draft.create(store, graph)
    with pytest.raises(PipelineError, match="'epochs' is a whole number"):
        draft.update(store, made.id, parameters={"epochs": "many"})


def test_what_is_given_of_a_draft_changes(store, graph, tmp_path):
    made = draft.create(store, graph, parameters={"rate": 0.25, "label": "x"})
    other = graph_in(store, tmp_path, "print(2)", parameters=graph.definition.parameters[:1])

    changed = draft.update(
        store,
        made.id,
        graph=other,
        name="n",
        description="d",
        experiment="e",
        tags={"a": "b"},
        continue_on_step_failure=True,
    )

    assert draft.get(store, made.id) == changed
    assert (changed.name, changed.description) == ("n", "d")
    assert changed.details["parameters"] == {"rate": 0.25}
    assert changed.graph == other


def test_a_published_draft_has_its_parameters_as_defaults(store, graph):
    made = draft.create(store, graph, name="n", parameters={"rate": 0.25})

    found = published.get(store, draft.publish(store, made.id).id)

    assert found.name == "n"
    assert {one.name: one.default for one in found.graph.definition.parameters}["rate"] == 0.25
    assert draft.get(store, made.id) == made


def test_a_deleted_draft_leaves_no_bytes_that_nobody_needs(store, graph, tmp_path):
    made = draft.create(store, graph)
    published.publish(store, graph_in(store, tmp_path, "print('other')"))
    [digest] = published.digests_of(graph)

    draft.delete(store, made.id)

    with pytest.raises(PipelineNotFoundError, match="No draft of a pipeline"):
        draft.get(store, made.id)
    with pytest.raises(ArtifactNotFoundError):
        store.blobs.open(digest)
    [other] = published.digests_of(published.published(store)[0].graph)
    store.blobs.open(other).close()
