"""Published pipelines: kept, found, enabled and disabled; their files stay while they are there."""

from __future__ import annotations

import pytest

from aml_magics.errors import InvalidNameError, PipelineDisabledError, PipelineNotFoundError
from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.services.pipeline import published
from aml_magics.services.run.manage.deletion import remove_files, remove_rows
from tests.services.pipeline.graphs import graph_in


@pytest.fixture
def graph(store, tmp_path):
    return graph_in(store, tmp_path)


def test_a_published_pipeline_is_found_again(store, graph):
    made = published.publish(store, graph, version="1.0", run_id="r")

    assert published.get(store, f" {made.id} ") == made
    assert (made.name, made.version, made.status) == ("train", "1.0", PipelineStatus.ACTIVE)
    assert made.details == {"continue_on_step_failure": False, "run_id": "r"}


def test_a_pipeline_without_a_name_has_one_with_the_time(store, tmp_path):
    made = published.publish(store, graph_in(store, tmp_path, name=""))

    assert made.name.startswith("Pipeline 20")


def test_a_name_without_a_letter_is_refused(store, graph):
    with pytest.raises(InvalidNameError, match="name of a pipeline is empty"):
        published.publish(store, graph, name=" ")


def test_an_unknown_id_is_told_with_what_is_near(store, graph):
    made = published.publish(store, graph)

    with pytest.raises(PipelineNotFoundError, match=f"Did you mean '{made.id}'"):
        published.get(store, made.id[:-1])
    with pytest.raises(PipelineNotFoundError, match=f"of that name has the id {made.id}"):
        published.get(store, "train")
    with pytest.raises(PipelineNotFoundError, match="No published pipeline"):
        published.set_status(store, "nothing", PipelineStatus.DISABLED)


def test_only_active_ones_are_listed_unless_all_are_asked_for(store, graph):
    first, second = (published.publish(store, graph) for _ in range(2))
    published.set_status(store, first.id, PipelineStatus.DISABLED)

    assert [one.id for one in published.published(store)] == [second.id]
    assert len(published.published(store, active_only=False)) == 2


def test_a_disabled_pipeline_starts_nothing_until_it_is_enabled(store, graph):
    made = published.publish(store, graph)
    off = published.set_status(store, made.id, PipelineStatus.DISABLED)

    with pytest.raises(PipelineDisabledError, match=r"is Disabled and starts no runs; enable\(\)"):
        published.submit(store, "e", off)
    on = published.set_status(store, made.id, PipelineStatus.ACTIVE)
    published.check_active(on)


def test_the_files_of_a_published_pipeline_stay_when_runs_with_them_are_removed(store, graph):
    made = published.publish(store, graph)
    digests = published.digests_of(made.graph)

    def removed(connection):
        return remove_rows(store, connection, []), store.artifacts.unused(connection, [*digests])

    leftover, unused = store.catalogue.transact(removed)
    remove_files(store, leftover)

    assert digests
    assert unused == []
