"""Experiments as notebooks use them."""

from __future__ import annotations

import pytest

from aml_magics import Experiment, Run
from aml_magics.errors import (
    AlreadyExistsError,
    ExperimentNotFoundError,
    InvalidNameError,
    RunNotFoundError,
    RunStateError,
)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("x" * 10_000, "has 10,000 characters"),
        ("a\nb", "line break or control character"),
        (5, "is text, not int"),
    ],
)
def test_a_bad_name_is_told_by_its_rule(workspace, name, message):
    with pytest.raises(InvalidNameError, match=message):
        Experiment(workspace, name)
    assert list(workspace.experiments) == []


def test_markup_in_a_name_is_text_like_any_other(workspace):
    name = '<img src=x onerror="alert(1)">'
    experiment = Experiment(workspace, name)
    assert workspace.experiments[name].name == name
    assert "<img" not in experiment._repr_html_()


def test_runs_are_an_iterator_newest_first(workspace):
    experiment = Experiment(workspace, "e")
    runs = [experiment.start_logging(tags={"n": str(n)}) for n in range(3)]
    assert next(experiment.get_runs()) == runs[2]
    assert list(experiment.get_runs()) == runs[::-1]
    assert list(experiment.get_runs(tags={"n": "1"})) == [runs[1]]
    assert list(experiment.get_runs(tags="n")) == runs[::-1]
    assert list(experiment.get_runs(properties={"a": "b"})) == []


def test_children_are_listed_only_when_asked_for(workspace):
    experiment = Experiment(workspace, "e")
    parent = experiment.start_logging()
    child = parent.child_run("part")
    assert list(experiment.get_runs()) == [parent]
    assert list(experiment.get_runs(include_children=True)) == [child, parent]


def test_run_numbers_count_within_the_experiment(workspace):
    one, other = Experiment(workspace, "one"), Experiment(workspace, "other")
    runs = [one.start_logging(), other.start_logging(), one.start_logging()]
    assert [run.number for run in runs] == [1, 1, 2]
    assert [run.name for run in runs] == ["one-1", "other-1", "one-2"]


def test_archived_experiments_leave_the_list_and_come_back(workspace):
    experiment = Experiment(workspace, "e")
    experiment.archive()
    assert experiment.archived_time is not None
    assert Experiment.list(workspace) == []
    assert [one.name for one in Experiment.list(workspace, view_type="ArchivedOnly")] == ["e"]
    assert len(Experiment.list(workspace, view_type="All")) == 1
    experiment.reactivate(new_name="f")
    assert [one.name for one in Experiment.list(workspace)] == ["f"]


def test_reactivating_under_a_taken_name_is_refused(workspace):
    Experiment(workspace, "taken")
    experiment = Experiment(workspace, "e")
    experiment.archive()
    with pytest.raises(AlreadyExistsError, match="'taken' already"):
        experiment.reactivate(new_name="taken")


def test_starting_a_run_brings_an_archived_experiment_back(workspace):
    experiment = Experiment(workspace, "e")
    experiment.archive()
    experiment.start_logging().complete()
    assert [one.name for one in Experiment.list(workspace)] == ["e"]


def test_tags_of_an_experiment_can_be_set_and_removed(workspace):
    experiment = Experiment(workspace, "e")
    experiment.tag("a", "1")
    experiment.set_tags({"b": "2"})
    experiment.remove_tags(["a"])
    assert workspace.experiments["e"].tags == {"b": "2"}
    assert len(Experiment.list(workspace, tags={"b": "2"})) == 1
    assert Experiment.list(workspace, tags="a") == []


def test_delete_removes_the_experiment_and_its_runs(workspace):
    experiment = Experiment(workspace, "e")
    run = experiment.start_logging()
    run.complete()
    Experiment.delete(workspace, experiment.id)
    assert "e" not in workspace.experiments
    with pytest.raises(RunNotFoundError, match="%aml runs"):
        Run.get(workspace, run.id)


def test_delete_wants_an_id_and_no_open_runs(workspace):
    experiment = Experiment(workspace, "e")
    experiment.start_logging()
    with pytest.raises(ExperimentNotFoundError, match="is a UUID, not its name"):
        Experiment.delete(workspace, "e")
    with pytest.raises(RunStateError, match=r"open runs \(e-1\)"):
        Experiment.delete(workspace, experiment.id)


def test_an_experiment_shows_itself_as_azure_does(workspace):
    experiment = Experiment(workspace, "e")
    assert str(experiment) == "Experiment(Name: e,\nWorkspace: w)"
    assert "aml-magics runs --experiment 'e'" in experiment.get_portal_url()
    assert experiment.workspace == experiment.workspace_object == workspace
