"""Experiments: found, archived, renamed, and deleted with what no other run has."""

from __future__ import annotations

import io
import uuid

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    ArtifactNotFoundError,
    ExperimentNotFoundError,
    InvalidNameError,
    RunStateError,
)
from aml_magics.services.run import artifact, experiment, metric, run, search


def test_experiment_is_made_once(store):
    first = experiment.ensure(store, " e ")
    assert experiment.ensure(store, "e") == first
    assert experiment.get(store, " e") == experiment.by_id(store, first.id) == first
    assert uuid.UUID(first.id)
    with pytest.raises(InvalidNameError, match="The name of an experiment is empty"):
        experiment.ensure(store, " ")


@pytest.mark.parametrize("name", ["digit", "digits\0\ud800x", "", "'; drop table run; --"])
def test_unknown_experiment_is_not_found(store, name):
    experiment.ensure(store, "digits")
    with pytest.raises(ExperimentNotFoundError, match=r"No experiment .* in workspace 'test'"):
        experiment.get(store, name)
    with pytest.raises(ExperimentNotFoundError, match=r"has the id .*; an experiment's .id is a"):
        experiment.by_id(store, name)


def test_near_name_is_suggested(sqlite_store):
    experiment.ensure(sqlite_store, "digits")
    with pytest.raises(ExperimentNotFoundError, match=r"Did you mean 'digits'\?"):
        experiment.get(sqlite_store, "digit")


def test_archived_experiment_leaves_the_list_and_comes_back(store):
    record = experiment.ensure(store, "e")
    experiment.archive(store, record)
    assert experiment.list_experiments(store) == []
    assert [one.name for one in experiment.list_experiments(store, archived=True)] == ["e"]
    assert [one.name for one in experiment.list_experiments(store, archived=None)] == ["e"]
    experiment.archive(store, record, back=True)
    assert experiment.list_experiments(store) == [record]
    experiment.archive(store, record)
    assert experiment.ensure(store, "e") == record


def test_rename_takes_no_used_name(store):
    record = experiment.ensure(store, "a")
    experiment.ensure(store, "b")
    with pytest.raises(AlreadyExistsError, match=r"an experiment 'b' already; choose another"):
        experiment.rename(store, record, " b ")
    run.start(store, "a")
    experiment.rename(store, record, "c")
    assert [one.experiment for one in search.search(store)] == ["c"]


def test_tags_are_replaced(store):
    record = experiment.ensure(store, "e")
    experiment.set_tags(store, record, {"a": 1, "b": None})
    experiment.set_tags(store, record, {"b": "é", "c": None})
    assert experiment.get(store, "e").tags == {"b": "é", "c": None}


def test_runs_are_counted_by_status(store):
    run.complete(store, run.start(store, "a"))
    run.start(store, "a")
    run.start(store, "b")
    assert experiment.run_counts(store) == {
        "a": {"Completed": 1, "Running": 1},
        "b": {"Running": 1},
    }


def test_experiment_with_an_open_run_is_not_deleted(store):
    parent = run.start(store, "other")
    run.start(store, "e", name="child", parent=parent)
    with pytest.raises(RunStateError, match=r"'e' has open runs \(child\); cancel them first"):
        experiment.delete(store, experiment.get(store, "e"))
    assert len(search.search(store, include_children=True)) == 2


def test_delete_removes_runs_and_the_bytes_that_no_other_run_has(store):
    record = run.start(store, "e", params={"a": 1}, tags={"t": "x"})
    child = run.start(store, "e", parent=record)
    stays = run.start(store, "other", parent=record)
    metric.writer(store, record).number("x", 1.0)
    own = artifact.add_file(store, record, "own", io.BytesIO(b"own"))
    shared = artifact.add_file(store, record, "shared", io.BytesIO(b"shared"))
    artifact.add_file(store, stays, "shared", io.BytesIO(b"shared"))
    for one in (record, child, stays):
        run.complete(store, one)
    assert experiment.delete(store, experiment.get(store, "e")) == 2
    assert [one.id for one in search.search(store)] == [stays.id]
    assert run.get(store, stays.id).parent is None
    assert not store.blobs.local_path(own.digest).exists()
    with pytest.raises(ArtifactNotFoundError, match="are no longer at"):
        store.blobs.open(own.digest)
    with artifact.open_file(store, stays, "shared") as file:
        assert file.read() == b"shared"
    assert shared.digest
    assert [one.name for one in experiment.list_experiments(store)] == ["other"]


def test_empty_experiment_is_deleted(store):
    experiment.ensure(store, "e")
    assert experiment.delete(store, experiment.get(store, "e")) == 0
    assert experiment.list_experiments(store) == []
