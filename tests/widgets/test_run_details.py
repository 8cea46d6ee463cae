from __future__ import annotations

import json
import subprocess
import sys

import pytest

from aml_magics.errors import InvalidArgumentError
from aml_magics.widgets import RunDetails, _base, _built


def test_details_of_something_else_are_refused():
    with pytest.raises(InvalidArgumentError, match="RunDetails takes a Run, not NoneType"):
        RunDetails(None)
    with pytest.raises(TypeError):
        RunDetails("run")


def test_outside_of_a_kernel_the_panel_is_printed_once(run, capsys):
    assert RunDetails(run).show() is None
    printed = capsys.readouterr().out

    assert printed.count("Running") == 1
    assert "slow" in printed


def test_azures_arguments_are_taken(run, capsys):
    RunDetails(run_instance=run).show(
        render_lib=None, widget_settings={"childWidgetDisplay": "inline"}
    )

    assert "slow" in capsys.readouterr().out


def test_the_text_is_that_of_azures_widget(run):
    assert repr(RunDetails(run)).startswith(
        "_UserRunWidget(widget_settings={'childWidgetDisplay': 'popup', "
    )


def test_the_data_has_azures_names(run):
    run.log("loss", 0.25)
    run.log("nan", float("nan"))
    run.log_list("classes", [1, 2, 3])
    child = run.child_run("fold")
    child.log("accuracy", 0.9)
    child.complete()
    run.complete()
    data = RunDetails(run).get_widget_data({"log_level": "DEBUG"})

    assert list(data) == [
        "status", "workbench_run_details_uri", "run_id", "run_properties", "child_runs", "children_metrics",
        "run_metrics", "run_logs", "graph", "widget_settings", "loading",
    ]  # fmt: skip
    assert list(data["run_properties"]) == [
        "run_id", "created_utc", "properties", "tags", "script_name", "arguments", "end_time_utc", "status",
        "log_files", "log_groups", "run_duration", "run_number", "run_queued_details",
    ]  # fmt: skip
    assert json.dumps(data, allow_nan=False)
    assert (data["status"], data["run_id"], data["loading"]) == ("Completed", run.id, False)
    assert data["run_properties"]["end_time_utc"].endswith("Z")
    assert data["run_properties"]["run_duration"].count(":") == 2
    assert data["widget_settings"]["log_level"] == "DEBUG"
    metrics = {one["name"]: one for one in data["run_metrics"]}
    assert metrics["loss"] == {
        "name": "loss", "run_id": run.id, "categories": [0, 1], "series": [{"data": [0.5, 0.25]}],
    }  # fmt: skip
    assert metrics["nan"]["series"] == [{"data": ["NaN"]}]
    assert metrics["classes"]["series"] == [{"data": [1, 2, 3]}]
    assert data["child_runs"][0]["run_id"] == child.id
    assert data["children_metrics"]["series"] == {
        "accuracy": [{"run_id": child.id, "data": [0.9]}],
    }


def test_a_live_run_has_no_end_and_its_log_so_far(run):
    from aml_magics.services.run.log import log_path

    log_path(run._workspace.store, run._record).write_text("epoch 1\n")
    data = RunDetails(run).get_widget_data()

    assert data["run_properties"]["end_time_utc"] is None
    assert data["run_logs"] == "epoch 1\n"
    assert data["children_metrics"] == {}


def test_azures_import_path_gives_the_same_class():
    from aml_magics.compat.azureml.widgets import RunDetails as Renamed

    assert Renamed is RunDetails


def test_importing_details_loads_nothing_of_a_notebook():
    code = (
        "import sys; from aml_magics.widgets import RunDetails;"
        "print(*sorted({'IPython', 'anywidget', 'ipywidgets', 'pandas'} & set(sys.modules)))"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert child.stdout == "\n"


def test_a_front_end_that_was_not_built_is_said(monkeypatch, tmp_path):
    from aml_magics.errors import DependencyError

    monkeypatch.setattr(_built, "STATIC", tmp_path)

    with pytest.raises(DependencyError, match=r"holds none.*make front"):
        _built.code_of("run")


def test_a_widget_says_what_it_shows(sent, workspace, run):
    class Half(_base.LiveWidget):
        _kind = "run"

    with pytest.raises(NotImplementedError, match="Half must define _subject"):
        Half(workspace)


def test_an_unknown_name_is_refused_with_those_there_are():
    from aml_magics import widgets

    with pytest.raises(
        AttributeError, match="no attribute 'RunDetail'; it has CompareRuns, DatasetPreview"
    ):
        _ = widgets.RunDetail
    assert dir(widgets) == [
        *("CompareRuns", "DatasetPreview", "ModelTable", "ModelWidget", "PipelineWidget"),
        *("RunDetails", "RunTable", "RunWidget", "ScreenWidget", "ServiceWidget", "SweepWidget"),
    ]
