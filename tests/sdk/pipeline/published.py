"""A pipeline of one short step, to be published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics import Workspace


def pipeline_in(workspace: Workspace, folder: Path, name: str = "Train") -> Pipeline:
    """Runs a script with the parameter ``rate``."""
    (folder / "train.py").write_text("import sys; print(sys.argv[1:])", encoding="utf-8")
    rate = PipelineParameter("rate", 0.5)
    step = PythonScriptStep("train.py", name, ["--rate", rate], source_directory=str(folder))
    return Pipeline(workspace, [step], description="trains")
