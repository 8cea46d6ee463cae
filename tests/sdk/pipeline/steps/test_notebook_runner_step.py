"""A notebook as a step, as notebooks write it."""

from __future__ import annotations

import nbformat
import pytest

from aml_magics.errors import PipelineError, SubmissionError
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies
from aml_magics.sdk.job.notebook_run_config import AzureMLNotebookHandler, NotebookRunConfig
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.steps.notebook_runner_step import NotebookRunnerStep
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep

CELLS = """
import os
from azureml.core import Run
run = Run.get_context()
os.makedirs(clean)
open(os.path.join(clean, 'n.txt'), 'w').write(str(rate * factor))
run.log('rate', rate)
print(label, os.environ['AML_PARAMETER_rate'])
"""
READ = """
import os, sys
from azureml.core import Run
Run.get_context().log('n', float(open(os.path.join(sys.argv[1], 'n.txt')).read()))
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with ``train.ipynb`` and ``read.py``."""
    made = tmp_path / "piped"
    made.mkdir()
    (made / "read.py").write_text(READ)
    usual = nbformat.v4.new_code_cell(
        "rate = 1.0\nfactor = 1\nlabel = ''\nclean = None", metadata={"tags": ["parameters"]}
    )
    notebook = nbformat.v4.new_notebook(cells=[usual, nbformat.v4.new_code_cell(CELLS)])
    nbformat.write(notebook, made / "train.ipynb")
    return str(made)


def test_it_takes_parameters_and_passes_data_on(scripts, folder, tmp_path):
    workspace, clean = scripts.workspace, PipelineData("clean")
    config = NotebookRunConfig(
        folder,
        "train.ipynb",
        parameters={"factor": 10, "label": PipelineParameter("label", "7")},
        handler=AzureMLNotebookHandler(timeout=600, progress_bar=False),
    )
    NotebookRunnerStep(
        "train",
        config,
        params={"rate": PipelineParameter("r", 2)},
        outputs=[clean],
        output_notebook_pipeline_data_name="executed",
    )
    read = PythonScriptStep("read.py", source_directory=folder, arguments=[clean], inputs=[clean])
    run = scripts.submit(Pipeline(workspace, [read]), pipeline_parameters={"r": 3})

    assert run.wait_for_completion(show_output=False) == "Finished"
    [train] = run.find_step_run("train")
    assert train.get_metrics() == {"rate": 3.0}
    assert "7 3" in train.get_stdout_log()
    assert "outputs/train.output.ipynb" in train.get_file_names()
    assert run.find_step_run("read.py")[0].get_metrics() == {"n": 30.0}
    train.get_output_data("executed").download(str(tmp_path / "got"))
    [kept] = (tmp_path / "got").rglob("train.output.ipynb")
    assert "rate = 3.0" in nbformat.read(kept, as_version=4).cells[1].source
    again = scripts.submit(Pipeline(workspace, [read]), pipeline_parameters={"r": 3})
    assert again.get_status() == "Finished"  # all of it is reused


def test_a_cell_that_fails_fails_the_step_with_its_traceback(scripts, folder):
    step = NotebookRunnerStep("train", NotebookRunConfig(folder, "train.ipynb"))
    run = scripts.submit(Pipeline(scripts.workspace, [step]))

    assert run.wait_for_completion(show_output=False, raise_on_error=False) == "Failed"
    [train] = run.find_step_run("train")
    assert train.get_details()["error"]["error"]["code"] == "TypeError"
    assert "Cell 2 of outputs/train.output.ipynb" in train.get_stderr_log()
    assert "os.makedirs(clean)" in train.get_stderr_log()
    assert "outputs/train.output.ipynb" in train.get_file_names()


def test_a_notebook_is_a_run_of_its_own(scripts, folder):
    config = NotebookRunConfig(
        folder, "train.ipynb", "done.ipynb", {"clean": "outputs/clean", "rate": 0.5}
    )
    config.run_config.environment_variables = {"AML_PARAMETER_rate": "0.5"}
    run = scripts.submit(config)
    assert run.wait_for_completion()["status"] == "Completed"
    assert run.get_metrics() == {"rate": 0.5}
    assert {"outputs/done.ipynb", "outputs/clean/n.txt"} <= set(run.get_file_names())


def test_what_executes_notebooks_is_added_to_its_packages(folder):
    given = RunConfiguration(conda_dependencies=CondaDependencies.create(pip_packages=["nbclient"]))
    made = NotebookRunConfig(folder, "train.ipynb", run_config=given).run_config.environment
    assert [*made.python.conda_dependencies.pip_packages] == ["nbclient", "ipykernel", "nbformat"]

    given.environment.python.user_managed_dependencies = True
    kept = NotebookRunConfig(folder, "train.ipynb", run_config=given).run_config.environment
    assert kept == given.environment
    assert not NotebookRunConfig(folder, "train.ipynb").run_config.has_own_environment


def test_what_is_no_notebook_is_refused(folder):
    with pytest.raises(SubmissionError, match=r"notebook is a file that ends in .ipynb"):
        NotebookRunConfig(folder, "train.py")
    with pytest.raises(SubmissionError, match="output_notebook is a file"):
        NotebookRunConfig(folder, "train.ipynb", "done")
    with pytest.raises(SubmissionError, match="handler is an AzureMLNotebookHandler"):
        NotebookRunConfig(folder, "train.ipynb", handler="papermill")
    with pytest.raises(SubmissionError, match="timeout is the seconds of a cell"):
        AzureMLNotebookHandler(timeout=0)
    with pytest.raises(PipelineError, match="parameter 'a' of the notebook"):
        NotebookRunConfig(folder, "train.ipynb", parameters={"a": object()})
    with pytest.raises(PipelineError, match="notebook_run_config is a NotebookRunConfig"):
        NotebookRunnerStep("train", folder)
