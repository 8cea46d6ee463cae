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
from aml_magics.views.run.output import RUN_TABLE
from aml_magics.widgets import RunTable
from tests.widgets.conftest import until


@pytest.fixture
def table(sent, workspace, ended):
    return RunTable(workspace=workspace)


def ids(widget):
    return [row["id"] for row in widget._snapshot["view"]["rows"]]


def test_a_table_lists_the_newest_runs_first(table, ended):
    assert ids(table) == [run.id for run in reversed(ended)]
    assert table._snapshot["query"] == {}


def test_a_table_of_given_runs_keeps_their_order(sent, ended):
    table = RunTable([ended[0], ended[1], ended[0]])

    assert ids(table) == [run.id for run in ended]
    assert table._snapshot["query"] == {"ids": [run.id for run in ended]}


def test_runs_can_be_given_by_what_finds_them(sent, workspace, ended):
    assert ids(RunTable([ended[0].id[:8], "last"], workspace=workspace)) == [
        one.id for one in ended
    ]


def test_no_runs_give_an_empty_table(sent, workspace, ended):
    assert ids(RunTable([], workspace=workspace)) == []


def test_conditions_choose_and_order_the_runs(sent, workspace, ended):
    Experiment(workspace, "iris").start_logging().complete()
    table = RunTable(
        experiment="digits", filter="metrics.accuracy > 0.1", sort="params.rate desc", status="completed",
        limit=1, workspace=workspace,
    )  # fmt: skip

    assert ids(table) == [ended[1].id]
    assert table._snapshot["query"]["sort"] == "params.rate desc"
    assert repr(table).startswith("RunTable(experiment='digits', filter=")


def test_an_experiment_brings_its_workspace(sent, workspace, ended):
    assert len(ids(RunTable(experiment=ended[0].experiment))) == 2


def test_an_unknown_experiment_is_named(sent, workspace, ended):
    with pytest.raises(ExperimentNotFoundError, match="No experiment 'digts'"):
        RunTable(experiment="digts", workspace=workspace)


def test_a_filter_that_cannot_be_read_is_refused(sent, workspace):
    with pytest.raises(InvalidFilterError):
        RunTable(filter="metrics.accuracy >", workspace=workspace)


def test_names_that_no_run_has_are_refused(sent, workspace, ended):
    for asked in ({"filter": "metrics.acuracy > 1"}, {"sort": "metrics.acuracy desc"}):
        with pytest.raises(InvalidFilterError, match="Did you mean 'accuracy'"):
            RunTable(experiment="digits", workspace=workspace, **asked)


def test_conditions_choose_among_given_runs(sent, ended, run):
    table = RunTable([*ended, run], status="Completed", sort="params.rate desc")

    assert ids(table) == [ended[1].id, ended[0].id]


def test_a_condition_of_another_type_is_refused(sent, workspace):
    with pytest.raises(UsageError, match="sort"):
        RunTable(sort=["name"], workspace=workspace)


def test_something_else_among_the_runs_is_refused(sent, workspace):
    with pytest.raises(InvalidArgumentError, match="Run objects or ids, not int"):
        RunTable([1], workspace=workspace)


def test_python_selects_runs(table, ended):
    changes = []
    table.observe(lambda change: changes.append(change.new), "selected")
    table.selected = [ended[0].id, ended[0].id]

    assert table.selected == [ended[0].id]
    assert table.selected_runs() == [ended[0]]
    assert changes == [[ended[0].id]]


def test_a_view_selects_runs_and_what_is_unknown_is_left_out(table, ended):
    table.set_state({"selected": ["nobody", ended[1].id]})

    assert table.selected_runs() == [ended[1]]


def test_an_unknown_run_cannot_be_selected_and_the_selection_stays(table, ended):
    table.selected = [ended[0].id]

    with pytest.raises(RunNotFoundError, match="can be selected, and 'nobody' is none"):
        table.selected = ["nobody"]
    assert table.selected == [ended[0].id]


def test_the_nearest_id_is_offered(table, ended):
    with pytest.raises(RunNotFoundError, match=f"Did you mean '{ended[0].id}'"):
        table.selected = [ended[0].id[:-1]]


def test_the_table_is_a_dataframe(table, ended):
    table.selected = [ended[0].id]

    assert list(table.dataframe()["params.rate"]) == [0.2, 0.1]
    assert list(table.dataframe(selected=True)["params.rate"]) == [0.1]


def test_the_output_has_the_table(table):
    data, _ = table._repr_mimebundle_()

    assert data[RUN_TABLE]["widget"] == table.model_id
    assert "<table" in data["text/html"]


def test_a_new_run_comes_into_the_table(sent, table, workspace):
    table._handle_custom_msg({"hello": {"token": None}}, [])
    until(lambda: sent.links() == ["live"])
    count = len(sent.events())
    Experiment(workspace, "digits").start_logging()

    until(lambda: len(sent.events()) > count)


def test_a_table_stands_in_a_box_beside_others(table):
    from ipywidgets import Output, VBox

    box = VBox([table, Output()])

    assert box.get_state()["children"][0] == f"IPY_MODEL_{table.model_id}"
