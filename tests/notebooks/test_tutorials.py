"""The tutorials, executed as a reader would: every cell in order in a real kernel."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from aml_magics import Workspace

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def execute(path: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300)
    client.create_kernel_manager()
    # whatever kernels the user has: this interpreter is the one under test
    client.km.kernel_spec.argv[0] = sys.executable
    client.execute()
    return notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_tutorials_are_kept_without_outputs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_a_cell_is_a_run(tmp_path):
    [path] = [path for path in NOTEBOOKS if path.stem == "01_a_cell_is_a_run"]
    notebook = execute(path)

    runs = {run.name: run for run in Workspace.from_config().experiments["tumours"].get_runs()}
    assert {name: run.get_status() for name, run in runs.items()} == dict.fromkeys(
        ["logistic", "forest", "boosting", "sgd", "by hand"], "Completed"
    )
    assert len(runs["boosting"].get_metrics()["test loss"]) == 120
    assert runs["sgd"].record.attempt == 2
    assert len(runs["sgd"].get_metrics()["loss"]) == 60
    assert any(name.startswith("figure_1") for name in runs["boosting"].get_file_names())
    assert runs["logistic"].get_metrics(populate=True)["confusion"]["data"]["class_labels"]

    failed = [
        cell
        for cell in notebook.cells
        if any(output.output_type == "error" for output in cell.get("outputs", []))
    ]
    assert ["raises-exception" in cell.metadata.get("tags", []) for cell in failed] == [True]
    panels = [
        output
        for cell in notebook.cells
        if cell.source.startswith("%%aml_run")
        for output in cell.outputs
        if "text/html" in output.get("data", {}) and output.output_type == "display_data"
    ]
    assert len(panels) == 5
    for panel in panels:
        assert "aml-" in panel.data["text/html"]
        assert "<script" not in panel.data["text/html"]
        assert len(panel.data["text/html"]) < 50_000
