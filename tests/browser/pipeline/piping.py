"""A pipeline of scripts for the browser: prepare feeds two, and the last waits for a file ``go``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.pipeline_run import PipelineRun
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep
from aml_magics.sdk.run.experiment import Experiment
from tests.browser.training import workspace

if TYPE_CHECKING:
    from pathlib import Path

PREPARE = """import os, sys
os.makedirs(sys.argv[1], exist_ok=True)
open(os.path.join(sys.argv[1], "part.csv"), "w").write("1")
print("prepared")"""
WAIT = """import sys, time
from pathlib import Path
from azureml.core import Run
Run.get_context().log("acc", 0.75)
print("waiting", flush=True)
while not Path(sys.argv[1]).exists():
    time.sleep(0.05)"""


def pipeline_in(folder: Path, last: str = "train") -> Pipeline:
    """Make it; the step ``last`` goes on until there is the file ``go`` of the folder."""
    folder.mkdir(exist_ok=True)
    (folder / "prepare.py").write_text(PREPARE, encoding="utf-8")
    (folder / "wait.py").write_text(WAIT, encoding="utf-8")
    place = workspace()
    clean = PipelineData("clean", datastore=place.get_default_datastore())
    prepare = PythonScriptStep(
        "prepare.py",
        name="prepare",
        source_directory=str(folder),
        arguments=[clean],
        outputs=[clean],
    )
    train = PythonScriptStep(
        "wait.py",
        name=last,
        source_directory=str(folder),
        arguments=[str(folder / "go")],
        inputs=[clean],
        allow_reuse=False,
    )
    return Pipeline(place, steps=[prepare, train])


def submit(folder: Path, last: str = "train") -> PipelineRun:
    """Submit it, as :func:`pipeline_in` makes it."""
    run = Experiment(workspace(), "piped").submit(pipeline_in(folder, last))
    assert isinstance(run, PipelineRun)
    return run
