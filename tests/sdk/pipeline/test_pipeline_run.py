"""The run of a pipeline and its steps as notebooks see them, with real processes."""

from __future__ import annotations

import json

import pytest

from aml_magics import Experiment, Run
from aml_magics.errors import PipelineError, RunFailedError, RunStateError
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.pipeline_run import PipelineRun
from aml_magics.sdk.pipeline.step_run import StepRun
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep
from tests.sdk.conftest import until

PREPARE = """
import os, sys
print("preparing")
os.makedirs(sys.argv[1])
with open(os.path.join(sys.argv[1], "a.txt"), "w") as file:
    file.write(sys.argv[2])
"""
TRAIN = """
import os, sys
from aml_magics import Run
os.makedirs("outputs", exist_ok=True)
text = open(os.path.join(sys.argv[1], "a.txt")).read()
open("outputs/model.txt", "w").write(text)
Run.get_context().log("acc", float(text))
"""


@pytest.fixture
def pipeline(scripts, tmp_path):
    (tmp_path / "prepare.py").write_text(PREPARE)
    (tmp_path / "train.py").write_text(TRAIN)
    data = PipelineData("data", pipeline_output_name="prepared")
    rate = PipelineParameter("rate", 0.5)
    prepare = PythonScriptStep("prepare.py", "Prepare", [data, rate], outputs=[data])
    train = PythonScriptStep("train.py", "Train", [data], inputs=[data])
    return Pipeline(scripts.workspace, [prepare, train])


def test_the_lines_of_azure_are_printed_and_the_status_is_returned(scripts, pipeline, capsys):
    run = scripts.submit(pipeline)
    submitted = capsys.readouterr().out.splitlines()
    status = run.wait_for_completion(show_output=True)
    waited = capsys.readouterr().out

    assert submitted[0].startswith("Created step Prepare [")
    assert submitted[0].endswith("], (This step will run and generate new outputs)")
    assert submitted[1].endswith("(This step is eligible to reuse a previous run's output)")
    assert submitted[2] == f"Submitted PipelineRun {run.id}"
    assert status == "Finished"
    lines = iter(waited.splitlines())
    for line in (
        f"PipelineRunId: {run.id}",
        "preparing",
        "StepRun(Prepare) Execution Summary",
        "StepRun( Prepare ) Status: Finished",
        "StepRun(Train) Execution Summary",
        "PipelineRun Execution Summary",
        "PipelineRun Status: Finished",
    ):
        assert line in lines, line


def test_steps_are_found_with_their_outputs_metrics_and_logs(scripts, pipeline, tmp_path):
    run = scripts.submit(pipeline, pipeline_parameters={"rate": 0.25})
    assert run.wait_for_completion(show_output=False) == "Finished"
    [prepare] = run.find_step_run("Prepare")
    [train] = run.find_step_run("Train")

    assert [type(one) for one in scripts.get_runs()] == [PipelineRun]
    assert [one.name for one in run.get_children()] == ["Train", "Prepare"]
    assert next(run.get_steps()).id == train.id
    assert {type(one) for one in run.get_children()} == {StepRun}
    assert run.find_step_run("None") == []
    assert train.get_metrics() == {"acc": 0.25}
    assert prepare.get_job_log() == prepare.get_stdout_log() == "preparing\n"
    assert prepare.get_stderr_log() == ""
    assert (train.get_status(), train.pipeline_run_id) == ("Finished", run.id)
    copied = prepare.get_output_data("data")
    assert copied.download(str(tmp_path / "copy")) == 1
    path = tmp_path / "copy" / "azureml" / prepare.id / "data" / "a.txt"
    assert path.read_text() == "0.25"
    assert copied.path_on_datastore == copied._path_on_datastore == f"azureml/{prepare.id}/data"
    assert prepare.get_output("data").num_uploaded_files == 1
    assert run.get_pipeline_output("prepared").path_on_datastore == copied.path_on_datastore
    assert train.register_model("m", "outputs/model.txt").version == 1
    assert len(run.get_graph().edges) == 1
    json.dumps(run.get_details())
    assert train.get_details()["properties"]["StepType"] == "PythonScriptStep"
    assert train.get_details()["runDefinition"]["script"] == "train.py"
    assert not {"target", "runDefinition"} & set(run.get_details())
    with pytest.raises(PipelineError, match="has no output 'date'"):
        prepare.get_output("date")
    with pytest.raises(PipelineError, match="The pipeline has no output 'x'"):
        run.get_pipeline_output("x")
    for refused in (run.complete, run.fail, run.resume, train.resume):
        with pytest.raises(RunStateError, match=r"ends with its steps|is not resumed"):
            refused()


def test_a_reused_step_gives_what_the_original_has(scripts, pipeline, capsys):
    first = scripts.submit(pipeline)
    first.wait_for_completion(show_output=False)
    again = scripts.submit(pipeline)
    [train], [original] = again.find_step_run("Train"), first.find_step_run("Train")

    assert again.get_status() == "Finished"
    assert train.is_reused
    assert train.reuse_explanation == f"reused: outputs of run {original.id}"
    assert train.get_metrics() == {"acc": 0.5}
    assert train.get_file_names() == original.get_file_names()
    assert train.register_model("m", "outputs/model.txt").version == 1
    [prepare], [made] = again.find_step_run("Prepare"), first.find_step_run("Prepare")
    assert prepare.get_output_data("data").path_on_datastore == f"azureml/{made.id}/data"
    capsys.readouterr()
    other = scripts.submit(pipeline, regenerate_outputs=True)
    assert capsys.readouterr().out.count("will run and generate new outputs") == 2
    assert other.wait_for_completion(show_output=False) == "Finished"
    assert other.find_step_run("Train")[0].reuse_explanation.endswith("asked for")
    third = other.rerun_from("Train")
    assert third.wait_for_completion(show_output=False) == "Finished"
    assert third.find_step_run("Prepare")[0].is_reused
    assert not third.find_step_run("Train")[0].is_reused


def test_a_failed_step_is_raised_and_told(scripts, tmp_path, capsys):
    (tmp_path / "bad.py").write_text("raise ValueError('no such luck')")
    run = scripts.submit(Pipeline(scripts.workspace, [PythonScriptStep("bad.py")]))
    with pytest.raises(RunFailedError, match=r"step 'bad\.py' failed: ValueError: no such luck"):
        run.wait_for_completion(show_output=True)
    assert "StepRun( bad.py ) Status: Failed" in capsys.readouterr().out
    [step] = run.find_step_run("bad.py")
    assert "no such luck" in step.get_stderr_log()
    with pytest.raises(RunFailedError, match="no such luck"):
        step.wait_for_completion(show_output=False)
    assert step.wait_for_completion(show_output=False, raise_on_error=False) == "Failed"


def test_a_pipeline_is_canceled_and_waiting_ends_in_time(scripts, tmp_path, capsys):
    (tmp_path / "long.py").write_text("import time; time.sleep(600)")
    run = scripts.submit(Pipeline(scripts.workspace, [PythonScriptStep("long.py")]))
    assert run.wait_for_completion(show_output=True, timeout_seconds=0) in ("Preparing", "Running")
    assert "Timed out of waiting" in capsys.readouterr().out
    run.cancel()
    until(lambda: run.get_status() == "Canceled")
    assert run.find_step_run("long.py")[0].get_status() == "Canceled"


def test_runs_are_attached_by_their_ids(scripts, pipeline):
    run = scripts.submit(pipeline)
    plain = Experiment(scripts.workspace, "scripts").start_logging()
    assert type(Run.get(scripts.workspace, run.id)) is PipelineRun
    assert PipelineRun(scripts, run.id).id == PipelineRun.get(scripts.workspace, run.id).id
    step = run.find_step_run("Prepare")[0]
    assert StepRun(scripts, step.id, run.id, "x").id == step.id
    assert PipelineRun.get_pipeline_runs(scripts.workspace, "none") == []
    with pytest.raises(PipelineError, match="is no run of a pipeline"):
        PipelineRun(scripts, plain.id)
    with pytest.raises(PipelineError, match="is no step of a pipeline"):
        StepRun(scripts, plain.id, "", "")
    plain.complete()


def test_its_pipeline_is_saved_as_yaml(scripts, pipeline, tmp_path):
    path = scripts.submit(pipeline).save(str(tmp_path / "saved.yml"))
    again = Pipeline.load_yaml(scripts.workspace, path)
    assert [one.name for one in again.graph.nodes] == ["Prepare", "Train"]
