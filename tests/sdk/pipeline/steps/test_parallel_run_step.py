"""A step over mini-batches in a pipeline, as notebooks write it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aml_magics.errors import ParallelRunError, PipelineError
from aml_magics.sdk.compute.aml_compute import AmlCompute
from aml_magics.sdk.compute.compute_target import ComputeTarget
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.data.use.output_file import OutputFileDatasetConfig
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.steps.parallel_run_config import ParallelRunConfig
from aml_magics.sdk.pipeline.steps.parallel_run_step import ParallelRunStep
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep

SCORE = """
import argparse, os
from azureml.core import Run

def init():
    global factor
    parser = argparse.ArgumentParser()
    parser.add_argument("--factor")
    arguments, _ = parser.parse_known_args()
    factor = int(open(os.path.join(arguments.factor, "factor.txt")).read())

def run(mini_batch):
    return [f"{os.path.basename(path)}: {int(open(path).read()) * factor}" for path in mini_batch]
"""
ROWS = """
def run(mini_batch):
    mini_batch["sum"] = mini_batch["x"] + mini_batch["y"]
    return mini_batch
"""
WRITE = """
import os, sys
os.makedirs(sys.argv[1])
open(os.path.join(sys.argv[1], "factor.txt"), "w").write("3")
"""


@pytest.fixture
def config(source):
    """A configuration of a script that is given as text."""

    def made(script, **given):
        environment = Environment("batch")
        environment.python.user_managed_dependencies = True
        usual = {
            "source_directory": source(WRITE, **{"score.py": script}),
            "entry_script": "score.py",
            "environment": environment,
            "error_threshold": 0,
            "output_action": "append_row",
            "compute_target": "local",
            "node_count": 1,
            "process_count_per_node": 2,
        }
        return ParallelRunConfig(**{**usual, **given})

    return made


@pytest.fixture
def dataset(scripts, tmp_path):
    """Files in the default datastore as a dataset."""

    def made(files, kind=Dataset.File.from_files):
        folder = tmp_path / "upload"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        store = scripts.workspace.get_default_datastore()
        store.upload(str(folder), "data", show_progress=False)
        return kind(path=(store, "data/"))

    return made


def rows_of(step_run, name, folder):
    step_run.get_output_data(name).download(local_path=str(folder))
    [found] = Path(folder).rglob("*parallel_run_step.txt")
    return found


def last(run, name):
    """The last value of a metric: one that was logged once is no list."""
    return np.atleast_1d(run.get_metrics()[name])[-1]


def test_files_are_scored_as_in_the_labs(scripts, config, dataset, tmp_path):
    files = dataset({f"{n}.csv": str(n) for n in range(20)}).as_named_input("batch")
    made = config(SCORE, mini_batch_size=PipelineParameter("size", 5))
    factor = PipelineData("factor")
    first = PythonScriptStep(
        "train.py", arguments=[factor], outputs=[factor], source_directory=made.source_directory
    )
    output = OutputFileDatasetConfig("inferences")
    step = ParallelRunStep(
        "score", made, [files], output, side_inputs=[factor], arguments=["--factor", factor]
    )
    pipeline = Pipeline(scripts.workspace, [step])
    run = scripts.submit(pipeline)
    run.wait_for_completion()
    [scored] = run.find_step_run("score")
    found = pd.read_csv(rows_of(scored, "inferences", tmp_path / "got"), delimiter=":", header=None)
    found.columns = ["File", "Prediction"]
    assert dict(found.values) == {f"{n}.csv": 3 * n for n in range(20)}
    assert [last(scored, name) for name in ("Mini-batches", "Items", "Failed items")] == [4, 20, 0]
    assert "logs/user/stdout/node_0/process000.stdout.txt" in scored.get_file_names()

    again = scripts.submit(pipeline, pipeline_parameters={"size": 20})
    again.wait_for_completion()
    [other] = again.find_step_run("score")
    assert last(other, "Mini-batches") == 1
    assert first._id in {one._id for one in pipeline._steps}


def test_rows_come_as_frames_and_are_written_without_a_header(scripts, config, dataset, tmp_path):
    text = "x,y\n" + "".join(f"{n},{n * n}\n" for n in range(300))
    table = dataset({"a.csv": text}, Dataset.Tabular.from_delimited_files).as_named_input("rows")
    output = PipelineData("sums")
    step = ParallelRunStep("add", config(ROWS, mini_batch_size="1KB"), [table], output)
    run = scripts.submit(Pipeline(scripts.workspace, [step]))
    run.wait_for_completion()
    [added] = run.find_step_run("add")
    found = pd.read_csv(rows_of(added, "sums", tmp_path / "got"), sep=" ", header=None)
    assert sorted(found[2]) == [n + n * n for n in range(300)]
    assert last(added, "Mini-batches") > 2


BY_KEY = """
import os
from pathlib import Path

def run(mini_batch, context):
    user = context.partition_key_value["user"]
    part = [path.lstrip("/") for path in context.dataset.to_path()]
    return [f"{user},{os.path.basename(path)},{len(part)}" for path in mini_batch]
"""


def test_files_of_a_partition_run_on_the_nodes_of_a_pool(scripts, config, tmp_path):
    wanted = AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", max_nodes=2)
    pool = ComputeTarget.create(scripts.workspace, "batch-pool", wanted)
    store = scripts.workspace.get_default_datastore()
    for name in ("ada/1.wav", "ada/2.wav", "bob/1.wav"):
        path = tmp_path / "upload" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", "utf-8")
    store.upload(str(tmp_path / "upload"), "songs", show_progress=False)
    songs = Dataset.File.from_files(
        (store, "songs/*/*.wav"), partition_format="songs/{user}/{song}.wav"
    )
    made = config(BY_KEY, partition_keys=["user"], node_count=2, compute_target=pool)
    output = PipelineData("found")
    step = ParallelRunStep("by-user", made, [songs.as_named_input("songs")], output)
    run = scripts.submit(Pipeline(scripts.workspace, [step]))
    run.wait_for_completion()
    [done] = run.find_step_run("by-user")
    lines = rows_of(done, "found", tmp_path / "got").read_text("utf-8").splitlines()
    assert sorted(lines) == ["ada,1.wav,2", "ada,2.wav,2", "bob,1.wav,1"]


def test_a_step_that_fails_says_which_items(scripts, config, dataset):
    files = dataset({"a.csv": "1", "bad.csv": "x"}).as_named_input("batch")
    script = "def run(mini_batch):\n    return [int(open(path).read()) for path in mini_batch]"
    step = ParallelRunStep("score", config(script, mini_batch_size="1"), [files], PipelineData("o"))
    run = scripts.submit(Pipeline(scripts.workspace, [step]))
    run.wait_for_completion(raise_on_error=False)
    [scored] = run.find_step_run("score")
    said = scored.get_details()["error"]["error"]["message"]
    assert "1 item failed, which is more than error_threshold=0" in said
    assert "mini-batch 1 (bad.csv) failed, try 3 of 3: ValueError" in said.replace("Mini", "mini")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"parallel_run_config": "x"}, "parallel_run_config is a ParallelRunConfig"),
        ({"inputs": []}, "inputs is a list of what is parted"),
        ({"inputs": "data"}, "inputs is a list of what is parted"),
        ({"output": None}, "output_action='append_row' writes into an output"),
    ],
)
def test_what_cannot_be_is_refused_as_it_is_written(config, given, said):
    usual = {
        "parallel_run_config": config(ROWS),
        "inputs": [PipelineData("a")],
        "output": PipelineData("b"),
    }
    with pytest.raises(PipelineError, match=said):
        ParallelRunStep("score", **{**usual, **given})


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("nothing.py", "There is no entry_script 'nothing.py'"),
        ("../a.py", "is a path below source"),
    ],
)
def test_a_script_that_is_not_there_is_refused(config, script, said):
    with pytest.raises(ParallelRunError, match=said):
        ParallelRunStep(
            "score", config(ROWS, entry_script=script), [PipelineData("a")], PipelineData("b")
        )
