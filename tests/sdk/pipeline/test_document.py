"""Pipelines that are written to files and loaded from them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aml_magics import Workspace
from aml_magics.errors import PipelineError
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep
from aml_magics.services.pipeline.document.tree import PipelineDocumentError
from aml_magics.services.pipeline.document.writing import with_keys

if TYPE_CHECKING:
    from pathlib import Path

STEP = "pipeline: {steps: {a: {type: PythonScriptStep, source_directory: src, script_name: a.py, runconfig: 'some\\a.runconfig'}}}"


def test_a_saved_pipeline_is_loaded_as_the_same(tmp_path: Path) -> None:
    workspace = Workspace.create("w")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("import sys; print(sys.argv)")
    data, rate = PipelineData("data"), PipelineParameter("rate", 1)
    folder = str(tmp_path / "src")
    PythonScriptStep("a.py", "first", [data, rate], outputs=[data], source_directory=folder)
    second = PythonScriptStep("a.py", "second", [data], inputs=[data], source_directory=folder)
    pipeline = Pipeline(workspace, [second], description="two")
    path = pipeline.save(tmp_path / "two.amlpipeline")

    assert "source_directory: src\n" in path.read_text()
    loaded = Pipeline.load_yaml(workspace, path)
    before = with_keys(pipeline._definition())
    steps = tuple(replace(one, run=replace(one.run, definition={})) for one in before.steps)
    assert loaded._definition() == replace(before, steps=steps)
    assert repr(loaded) == "Pipeline(first, second)"
    assert loaded.validate() == []


def test_a_run_configuration_is_found_beside_the_file(tmp_path: Path) -> None:
    workspace = Workspace.create("w")
    configuration = RunConfiguration()
    configuration.target = "cpu-cluster"
    configuration.environment_variables = {"A": "b"}
    configuration.save(tmp_path / "some", "a")
    found = next(tmp_path.rglob("a.runconfig"))
    found.rename(tmp_path / "some" / "a.runconfig")
    file = tmp_path / "p.yml"
    file.write_text(STEP)

    (step,) = Pipeline.load_yaml(workspace, file)._definition().steps
    assert step.run.variables == {"A": "b"}
    assert step.target == "cpu-cluster"
    assert step.source_directory == str(tmp_path / "src")


def test_what_cannot_be_loaded_says_which_file_and_line(tmp_path: Path) -> None:
    workspace = Workspace.create("w")
    file = tmp_path / "p.yml"
    with pytest.raises(PipelineError, match=r"There is no file '.*p.yml'; give the path"):
        Pipeline.load_yaml(workspace, file)
    file.write_text("pipeline:\n  nam: x\n")
    with pytest.raises(PipelineDocumentError, match=r"p.yml: Line 2: .* no key 'nam'") as caught:
        Pipeline.load_yaml(workspace, file)
    assert caught.value.line == 2
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PipelineDocumentError, match="is not UTF-8 text"):
        Pipeline.load_yaml(workspace, file)
    file.write_bytes(b"#" * 16_000_001)
    with pytest.raises(PipelineDocumentError, match="larger than 16,000,000 bytes"):
        Pipeline.load_yaml(workspace, file)
    file.write_text(STEP)
    with pytest.raises(
        PipelineDocumentError,
        match=r"p.yml: Line 1: There is no file '.*a.runconfig', the runconfig of step 'a'",
    ):
        Pipeline.load_yaml(workspace, file)
