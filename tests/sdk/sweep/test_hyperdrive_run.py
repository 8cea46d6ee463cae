"""The run of a sweep as notebooks see it."""

from __future__ import annotations

import json

import pytest

from aml_magics import Experiment, Run
from aml_magics.errors import RunStateError, SweepError
from aml_magics.records.sweep.sweep import Named
from aml_magics.sdk.job.script_run import ScriptRun
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.sdk.sweep.hyperdrive_config import HyperDriveConfig, PrimaryMetricGoal
from aml_magics.sdk.sweep.hyperdrive_run import HyperDriveRun
from aml_magics.sdk.sweep.parameter_expressions import choice, uniform
from aml_magics.sdk.sweep.sampling import GridParameterSampling
from aml_magics.services.run.manage.deletion import delete
from tests.services.sweep.in_process import controlled, submit, without_processes

SCRIPT = """
import sys
from aml_magics import Run
Run.get_context().log("acc", float(sys.argv[-1]))
"""


@pytest.fixture
def sweep(workspace, tmp_path, monkeypatch):
    """A sweep of four trials: 0.2, failed at 0.9, canceled at 0.95, and one without the metric."""
    without_processes(monkeypatch)
    store = workspace.store
    space = {"--x": ["choice", [[0.2, 0.9, 0.95, 0.0]]]}
    record = submit(store, tmp_path, most_trials=4, space=space)
    with controlled(store, record.id) as one:
        one.round()
        one.end(0, 0.1, 0.2)
        one.end(1, 0.9, status="Failed")
        one.end(2, 0.95, status="Canceled")
        one.log(3, 7.0, name="loss")
        one.end(3)
        one.finish()
    return Run.get(workspace, record.id)


def numbers(children):
    return [int(one["run_id"].rpartition("_")[2]) for one in children]


def test_a_run_of_its_type_is_a_hyperdrive_run(sweep, workspace):
    again = HyperDriveRun(Experiment(workspace, "sweeps"), sweep.id)

    assert type(sweep) is HyperDriveRun
    assert [type(one) for one in Experiment(workspace, "sweeps").get_runs()] == [HyperDriveRun]
    assert {type(one) for one in sweep.get_children()} == {ScriptRun}
    assert (again.id, again.hyperdrive_config) == (sweep.id, None)
    assert "Type: hyperdrive" in repr(again)
    with pytest.raises(SweepError, match="is no sweep"):
        HyperDriveRun(Experiment(workspace, "sweeps"), f"{sweep.id}_0")


def test_children_come_sorted_the_best_first(sweep):
    found = sweep.get_children_sorted_by_primary_metric()

    assert found[0] == {
        "run_id": f"{sweep.id}_2",
        "hyperparameters": '{"--x": 0.95}',
        "best_primary_metric": 0.95,
        "status": "Canceled",
    }
    assert [one["best_primary_metric"] for one in found] == [0.95, 0.9, 0.2, None]
    assert numbers(sweep.get_children_sorted_by_primary_metric(top=2)) == [2, 1]
    assert numbers(sweep.get_children_sorted_by_primary_metric(reverse=True)) == [0, 1, 2, 3]
    assert numbers(sweep.get_children_sorted_by_primary_metric(discard_no_metric=True)) == [2, 1, 0]


def test_the_best_run_may_leave_out_what_failed_or_was_canceled(sweep):
    def best(**wanted):
        return sweep.get_best_run_by_primary_metric(**wanted).id.rpartition("_")[2]

    assert best() == "2"
    assert best(include_canceled=False) == "1"
    assert best(include_canceled=False, include_failed=False) == "0"
    assert sweep.properties["best_child_run_id"] == f"{sweep.id}_2"


def test_metrics_and_hyperparameters_come_by_trial(sweep):
    assert sweep.get_metrics() == {
        f"{sweep.id}_0": {"acc": [0.1, 0.2]},
        f"{sweep.id}_1": {"acc": 0.9},
        f"{sweep.id}_2": {"acc": 0.95},
        f"{sweep.id}_3": {"loss": 7.0},
    }
    assert sweep.get_metrics("loss")[f"{sweep.id}_3"] == {"loss": 7.0}
    assert {id_[-1]: json.loads(text) for id_, text in sweep.get_hyperparameters().items()} == {
        "0": {"--x": 0.2},
        "1": {"--x": 0.9},
        "2": {"--x": 0.95},
        "3": {"--x": 0.0},
    }


def test_diagnostics_say_how_it_stands(sweep):
    found = sweep.get_diagnostics()

    assert found["status"] == "Completed"
    assert found["children"] == {"Completed": 2, "Failed": 1, "Canceled": 1}
    assert (found["best_child_run_id"], found["best_primary_metric"]) == (f"{sweep.id}_2", 0.95)
    assert found["without_primary_metric"] == [f"{sweep.id}_3"]


def test_without_a_metric_there_is_no_best_run_and_it_is_said(
    workspace, tmp_path, monkeypatch, capsys
):
    without_processes(monkeypatch)
    record = submit(workspace.store, tmp_path, most_trials=1)
    sweep = Run.get(workspace, record.id)
    assert sweep.get_best_run_by_primary_metric() is None
    assert "no trial has logged 'acc'; they logged nothing" in capsys.readouterr().err
    with controlled(workspace.store, record.id) as one:
        one.round()
        one.log(0, 1.0, name="acc_1")
        assert sweep.get_best_run_by_primary_metric() is None
        assert "no trial has logged 'acc'; they logged acc_1." in capsys.readouterr().err
        one.log(0, float("nan"))

    assert sweep.get_best_run_by_primary_metric() is None
    assert "no trial that was asked for has a finite 'acc'" in capsys.readouterr().err


def test_the_best_run_may_be_of_a_sweep_that_it_resumed_from(sweep, workspace, tmp_path):
    learning = {"sampler": Named("bayesian_sampling"), "space": {"--x": uniform(0, 1)}}
    record = submit(workspace.store, tmp_path, **learning, resume_from=(sweep.id,), most_trials=1)
    with controlled(workspace.store, record.id) as one:
        one.round()
        one.end(0, 0.5)
        one.finish()
    again = Run.get(workspace, record.id)

    assert again.get_best_run_by_primary_metric().id == f"{sweep.id}_2"
    best = again.get_best_run_by_primary_metric(include_resume_from_runs=False)
    assert best.id == f"{record.id}_0"
    delete(workspace.store, [sweep.id])
    assert again.get_best_run_by_primary_metric().id == f"{record.id}_0"


def test_it_is_canceled_and_never_failed(workspace, tmp_path, monkeypatch):
    without_processes(monkeypatch)
    sweep = Run.get(workspace, submit(workspace.store, tmp_path).id)

    with pytest.raises(RunStateError, match="call cancel"):
        sweep.fail()
    assert sweep.cancel() is True
    assert sweep.get_status() == "Canceled"
    assert sweep.cancel() is False


def test_canceling_what_has_completed_says_false(sweep):
    assert sweep.cancel() is False


def test_a_sweep_is_submitted_waited_for_and_its_best_run_used(scripts, source, capsys):
    sampling = GridParameterSampling({"--x": choice(0.25, 0.75)})
    script = ScriptRunConfig(source(SCRIPT), script="train.py", arguments=["--base", 1])
    config = HyperDriveConfig(
        run_config=script,
        hyperparameter_sampling=sampling,
        policy=None,
        primary_metric_name="acc",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=6,
        max_concurrent_runs=4,
    )
    sweep = scripts.submit(config, tags={"who": "me"})
    details = sweep.wait_for_completion(show_output=True)
    printed, told = capsys.readouterr()
    best = sweep.get_best_run_by_primary_metric()

    assert (sweep.hyperdrive_config, sweep.tags["who"]) == (config, "me")
    assert (details["runId"], details["status"]) == (sweep.id, "Completed")
    assert details["properties"]["score"] == "0.75"
    assert best.get_metrics() == {"acc": 0.75}
    assert best.get_details()["runDefinition"]["arguments"] == ["--base", "1", "--x", "0.75"]
    for line in (
        f"RunId: {sweep.id}",
        "Streaming azureml-logs/hyperdrive.txt",
        "=====================================",
        "[API][INFO]Experiment created",
        f"[SCHEDULER][INFO]Successfully scheduled a job. Id='{sweep.id}_0'",
        "[GENERATOR][INFO]Could not sample any more jobs from the space",
        "Execution Summary",
    ):
        assert line in printed
    assert "Trials of this sweep: 2, as its space has no more combinations" in told
    assert "azureml-logs/hyperdrive.txt" in sweep.get_file_names()
