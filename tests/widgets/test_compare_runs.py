from __future__ import annotations

import pytest

from aml_magics.errors import (
    ExperimentNotFoundError,
    InvalidArgumentError,
    InvalidFilterError,
    RunNotFoundError,
    UsageError,
)
from aml_magics.sdk.run.experiment import Experiment
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.views.compare.output import COMPARE
from aml_magics.widgets import CompareRuns
from tests.widgets.conftest import until


def test_a_comparison_shows_its_runs_in_their_order(sent, ended):
    widget = CompareRuns(ended)
    data, _ = widget._repr_mimebundle_()

    assert [run["id"] for run in widget._snapshot["view"]["runs"]] == [run.id for run in ended]
    assert widget._kind == "compare"
    assert data[COMPARE]["widget"] == widget.model_id
    assert "digits-1" in data["text/plain"]
    assert repr(widget) == "CompareRuns('digits-1', 'digits-2')"


def test_a_comparison_needs_two_different_runs(sent, ended):
    with pytest.raises(InvalidArgumentError, match="two or more runs, and was given 1"):
        CompareRuns([ended[0], ended[0]])


def test_something_else_among_the_runs_is_refused(sent, ended):
    with pytest.raises(InvalidArgumentError, match="CompareRuns takes a Run, or the name or id"):
        CompareRuns([ended[0], None])


def test_runs_can_be_named_as_in_a_magic(sent, workspace, ended):
    first, second = ended
    for named in ([first, second.name], iter([first.id, second.id[:8]])):
        assert [run.id for run in CompareRuns(named, workspace).runs] == [first.id, second.id]


def test_runs_of_two_workspaces_are_refused(sent, ended):
    other = Experiment(Workspace.create("other"), "digits").start_logging()

    with pytest.raises(InvalidArgumentError, match="takes runs of one workspace"):
        CompareRuns([ended[0], other])


def test_only_compared_runs_can_be_selected(sent, ended, run):
    widget = CompareRuns(ended)
    widget.selected = [ended[1].id]

    assert widget.selected_runs() == [ended[1]]
    assert list(widget.dataframe(selected=True)["params.rate"]) == [0.2]
    assert len(widget.dataframe()) == 2
    with pytest.raises(RunNotFoundError, match="can be selected"):
        widget.selected = [run.id]


def test_a_comparison_ends_with_its_last_run(sent, ended, run):
    widget = CompareRuns([*ended, run])
    widget._handle_custom_msg({"hello": {"token": None}}, [])
    until(lambda: sent.links() == ["live"])
    run.complete()

    until(lambda: sent.links() == ["live", "ended"])


@pytest.mark.parametrize(
    "asked",
    [
        {"runs": "params.rate > 0"},
        {"filter": "params.rate > 0"},
        {"experiment": "digits"},
        {"experiment": "digits", "filter": "params.rate > 0", "limit": 50},
    ],
)
def test_a_query_compares_all_runs_that_meet_it(sent, workspace, ended, asked):
    widget = CompareRuns(**asked, sort="params.rate", goal="accuracy:max", workspace=workspace)

    assert [run["id"] for run in widget._snapshot["view"]["runs"]] == [run.id for run in ended]
    assert widget._snapshot["subject"]["goals"] == {"accuracy": "higher"}
    assert [run.id for run in widget.runs] == [run.id for run in ended]
    assert repr(widget).startswith("CompareRuns(")
    widget.selected = [ended[1].id]
    assert list(widget.dataframe(selected=True)["params.rate"]) == [0.2]


def test_a_query_takes_runs_that_come_later(sent, workspace, ended):
    widget = CompareRuns("params.rate > 0", workspace)
    later = Experiment(workspace, "digits").start_logging(parameters={"rate": 0.3})

    assert later.id in {run.id for run in widget.runs}
    assert "filter='params.rate > 0'" in repr(widget)


def test_an_experiment_brings_its_workspace(sent, ended):
    assert len(CompareRuns(experiment=ended[0].experiment).runs) == 2


def test_runs_and_a_query_or_neither_are_refused(sent, workspace, ended):
    for asked in ({}, {"runs": ended, "filter": "params.rate > 0"}):
        with pytest.raises(InvalidArgumentError, match="give one of the two"):
            CompareRuns(**asked, workspace=workspace)


def test_a_query_that_cannot_be_answered_is_refused(sent, workspace, ended):
    with pytest.raises(InvalidFilterError, match="rate"):
        CompareRuns("params.rate >", workspace)
    with pytest.raises(InvalidFilterError, match="Did you mean 'rate'"):
        CompareRuns("params.rote > 0", workspace)
    with pytest.raises(UsageError, match="and none meet the query"):
        CompareRuns("params.rate > 9", workspace)
    with pytest.raises(ExperimentNotFoundError, match="digts"):
        CompareRuns(experiment="digts", workspace=workspace)
    with pytest.raises(RunNotFoundError, match="No run 'nobody'"):
        CompareRuns("nobody", workspace)


def test_what_a_view_says_of_how_it_is_shown_is_kept(sent, ended):
    widget = CompareRuns(ended)
    widget.set_state({"_views": {"compare": {"version": 1, "view": {"tab": "curves"}}}})

    assert widget.get_state()["_views"]["compare"]["view"] == {"tab": "curves"}
