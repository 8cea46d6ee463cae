"""A sweep as a step: its best trial's files and the metrics of all are what later steps read."""

from __future__ import annotations

import json

import pytest

from aml_magics import Experiment
from aml_magics.errors import PipelineError
from aml_magics.sdk.data.use.output_file import OutputFileDatasetConfig
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.steps.hyper_drive_step import HyperDriveStep, HyperDriveStepRun
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep
from aml_magics.sdk.pipeline.steps.training_output import TrainingOutput
from aml_magics.sdk.sweep.hyperdrive_config import HyperDriveConfig, PrimaryMetricGoal
from aml_magics.sdk.sweep.parameter_expressions import choice
from aml_magics.sdk.sweep.sampling import GridParameterSampling

TRAIN = """import argparse, os
from azureml.core import Run
parser = argparse.ArgumentParser()
parser.add_argument("--add", type=float)
parser.add_argument("--out")
parser.add_argument("--rate", type=float)
args = parser.parse_args()
Run.get_context().log({metric!r}, args.rate + args.add)
os.makedirs("outputs", exist_ok=True)
open("outputs/model.txt", "w").write(str(args.rate))
if args.out:
    open(os.path.join(args.out, "rate.txt"), "w").write(str(args.rate))
"""
READ = """import os, sys
from azureml.core import Run
run = Run.get_context()
run.log("model", float(open(sys.argv[1]).read()))
run.log("rate", float(open(os.path.join(sys.argv[2], "rate.txt")).read()))
"""


def sweep(folder, metric="acc", logged="acc", arguments=()):
    (folder / "train.py").write_text(TRAIN.replace("{metric!r}", repr(logged)))
    (folder / "read.py").write_text(READ)
    return HyperDriveConfig(
        run_config=ScriptRunConfig(str(folder), script="train.py", arguments=list(arguments)),
        hyperparameter_sampling=GridParameterSampling({"--rate": choice(1, 3, 2)}),
        primary_metric_name=metric,
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=3,
    )


def test_the_best_trial_of_a_step_gives_what_later_steps_read(workspace, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    model = PipelineData(
        "model", training_output=TrainingOutput("Model", model_file="outputs/model.txt")
    )
    metrics = PipelineData("metrics", pipeline_output_name="all metrics")
    folder = OutputFileDatasetConfig("folder").register_on_complete("best rates")
    HyperDriveStep(
        name="search",
        hyperdrive_config=sweep(source),
        estimator_entry_script_arguments=["--add", PipelineParameter("add", 1), "--out", folder],
        outputs=[model],
        metrics_output=metrics,
    )
    read = PythonScriptStep(
        "read.py",
        source_directory=str(source),
        arguments=[model, folder.as_input("rates").as_mount()],
        inputs=[model],
    )
    experiment = Experiment(workspace, "searches")
    run = experiment.submit(Pipeline(workspace, [read]), pipeline_parameters={"add": 2})

    assert run.wait_for_completion(show_output=False) == "Finished"
    assert run.find_step_run("read.py")[0].get_metrics() == {"model": 3.0, "rate": 3.0}
    assert workspace.datasets["best rates"].version == 1  # of the step, and not of each trial
    found = HyperDriveStepRun(run.find_step_run("search")[0])
    best = found.get_best_run_by_primary_metric()
    assert best.get_metrics() == {"acc": 5.0}
    run.get_pipeline_output("all metrics").download(str(tmp_path / "got"))
    [file] = [one for one in (tmp_path / "got").rglob("*") if one.is_file()]
    kept = json.loads(file.read_text())
    assert len(kept) == 3
    assert kept[best.id] == {"acc": 5.0}

    again = experiment.submit(Pipeline(workspace, [read]), pipeline_parameters={"add": 2})
    assert again.wait_for_completion(show_output=False) == "Finished"
    assert [one.is_reused for one in again.get_steps()] == [True, True]
    reused = HyperDriveStepRun(again.find_step_run("search")[0])
    assert reused.id == found.id


def test_a_step_whose_trials_log_another_metric_fails_with_the_names_that_they_logged(
    workspace, tmp_path
):
    step = HyperDriveStep(
        "search",
        sweep(tmp_path, metric="acc", logged="loss", arguments=["--add", 0]),
        metrics_output=PipelineData("metrics"),
        outputs=[
            PipelineData(
                "m", training_output=TrainingOutput("Model", model_file="outputs/model.txt")
            )
        ],
    )
    run = Experiment(workspace, "searches").submit(Pipeline(workspace, [step]))
    run.wait_for_completion(show_output=False, raise_on_error=False)

    assert run.get_status() == "Failed"
    assert "none of its 3 trials has logged the primary metric 'acc'" in run.record.reason


def test_a_cancel_ends_the_trials(workspace, tmp_path):
    config = sweep(tmp_path)
    (tmp_path / "train.py").write_text("import time\ntime.sleep(600)")
    run = Experiment(workspace, "searches").submit(
        Pipeline(workspace, [HyperDriveStep("search", config)])
    )
    run.cancel()
    run.wait_for_completion(show_output=False, raise_on_error=False)

    assert run.get_status() == "Canceled"
    assert run.find_step_run("search")[0].get_status() == "Canceled"


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda folder: HyperDriveStep("s", "sweep"), "is a HyperDriveConfig"),
        (
            lambda folder: HyperDriveStep("s", sweep(folder), metrics_output="m"),
            "metrics_output is a",
        ),
        (
            lambda folder: HyperDriveStep(
                "s",
                sweep(folder),
                outputs=[PipelineData("m", training_output=TrainingOutput("Model"))],
            ),
            "name it by TrainingOutput",
        ),
        (lambda folder: TrainingOutput("Weights"), "is Model or Metrics"),
        (lambda folder: TrainingOutput("Model", iteration=3), "leave it out"),
        (lambda folder: TrainingOutput("Metrics", model_file="a"), "leave it out"),
        (lambda folder: TrainingOutput("Model", model_file=" "), "model_file is a file"),
        (lambda folder: HyperDriveStepRun("run"), "made from the run of a step"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, make, match):
    with pytest.raises(PipelineError, match=match):
        make(tmp_path)
