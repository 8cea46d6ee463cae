"""The tutorials, executed as a reader would: every cell in order in a real kernel."""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
import tomllib
from typing import TYPE_CHECKING

import nbformat
import psutil
import pytest
from nbclient import NotebookClient

from aml_magics import Workspace
from aml_magics.sdk.model.model import Model
from aml_magics.services.data import dataset as datasets
from tests.fixtures.source import ROOT
from tests.workers.conftest import end_all_here, processes_here

if TYPE_CHECKING:
    from pathlib import Path

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def execute(name: str) -> nbformat.NotebookNode:
    [path] = [path for path in NOTEBOOKS if path.stem == name]
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300)
    client.create_kernel_manager()
    # whatever kernels the user has: this interpreter is the one under test
    client.km.kernel_spec.argv[0] = sys.executable
    client.execute()
    return notebook


def failed_as_wanted(notebook: nbformat.NotebookNode) -> list[str]:
    """What the cells that are to fail said; no other has failed."""
    found = [
        (output.evalue, "raises-exception" in cell.metadata.get("tags", []))
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    assert all(is_wanted for _, is_wanted in found), found
    return [told for told, _ in found]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_tutorials_are_kept_without_outputs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_a_cell_is_a_run(tmp_path):
    notebook = execute("01_a_cell_is_a_run")

    runs = {run.name: run for run in Workspace.from_config().experiments["tumours"].get_runs()}
    assert {name: run.get_status() for name, run in runs.items()} == dict.fromkeys(
        ["logistic", "forest", "boosting", "sgd", "by hand"], "Completed"
    )
    assert len(runs["boosting"].get_metrics()["test loss"]) == 120
    assert runs["sgd"].record.attempt == 2
    assert len(runs["sgd"].get_metrics()["loss"]) == 60
    assert any(name.startswith("figure_1") for name in runs["boosting"].get_file_names())
    assert runs["logistic"].get_metrics(populate=True)["confusion"]["data"]["class_labels"]

    assert len(failed_as_wanted(notebook)) == 1
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


def declare_entry_points(folder: Path) -> None:
    """Describe this source as installed: what is installed may be older than its entry points."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    points = [
        line
        for group, found in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in found.items()))
    ]
    info = folder / "aml_magics-0.dist-info"
    info.mkdir(parents=True)
    metadata = importlib.metadata.distribution("aml-magics").read_text("METADATA")
    (info / "METADATA").write_text(metadata or "", "utf-8")
    (info / "entry_points.txt").write_text("\n".join(points), "utf-8")


def test_scripts_and_environments(tmp_path, monkeypatch):
    declare_entry_points(tmp_path / "installed")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'installed'}{os.pathsep}{ROOT}")
    monkeypatch.setenv("AML_MAGICS_SLOTS", "2")
    try:
        notebook = execute("02_scripts_and_environments")
        runs = list(Workspace.from_config().experiments["tumour-scripts"].get_runs())
        for run in runs:  # some go on without their kernel
            run.wait_for_completion(raise_on_error=False)
    finally:
        end_all_here()

    by_name = {run.name: run for run in runs}
    statuses = sorted(run.get_status() for run in runs)
    assert statuses == ["Canceled"] + ["Completed"] * (len(runs) - 2) + ["Failed"]
    assert by_name["one-line"].record.params == {"rate": 0.02}
    assert len(by_name["folds"].get_metrics()["fold accuracy"]) == 5
    assert [run.get_metrics("step") for run in runs if run.get_status() == "Failed"] == [
        {"step": [0, 1, 2]}
    ]
    [own] = list(
        Workspace.from_config().experiments["tumour-scripts"].get_runs(tags={"env": "own"})
    )
    assert (
        "Built environment 'tumours-env'"
        in own.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"]
    )
    assert "outputs/model.pkl" in own.get_file_names()
    if "by-mlflow" in by_name:
        assert len(by_name["by-mlflow"].get_metrics()["loss"]) == 10

    raised, missing = failed_as_wanted(notebook)
    assert "the data has no column 'target'" in raised
    assert "Did you mean 'train.py'?" in missing


def test_data(tmp_path, monkeypatch):
    declare_entry_points(tmp_path / "installed")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'installed'}{os.pathsep}{ROOT}")
    try:
        notebook = execute("03_data")
    finally:
        end_all_here()

    ws = Workspace.from_config()
    versions = {name: dataset.version for name, dataset in ws.datasets.items()}
    assert versions == {"clinic files": 1, "clinic visits": 2, "predictions": 1}
    [run] = ws.experiments["clinic"].get_runs()
    assert run.get_status() == "Completed"
    uses = datasets.uses_of(ws.store, run.record)
    assert [(use.role, record.name, record.version) for use, record in uses] == [
        ("input", "clinic visits", 1),
        ("output", "predictions", 1),
    ]

    [told] = failed_as_wanted(notebook)
    assert "line 2: SELECT site, avg(glucos) FROM v" in told
    shown = [
        output.data
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "display_data"
    ]
    assert any("application/vnd.aml-magics.dataset+json" in data for data in shown)
    assert all("<script" not in data.get("text/html", "") for data in shown)


def test_models_and_services(tmp_path, monkeypatch):
    declare_entry_points(tmp_path / "installed")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'installed'}{os.pathsep}{ROOT}")
    try:
        notebook = execute("04_models_and_services")
        left = [one for one in processes_here() if "aml_magics.workers" in " ".join(one.cmdline())]
        _, alive = psutil.wait_procs(left, timeout=60)  # a replica ends a moment after its service
        assert alive == []
    finally:
        end_all_here()

    ws = Workspace.from_config()
    assert [(one.id, one.aliases, one.stage, one.run.name) for one in Model.list(ws)] == [
        ("diabetes:2", ("champion",), "None", "trees"),
        ("diabetes:1", (), "Production", "linear"),
    ]
    assert list(ws.webservices) == []

    no_start, in_use = failed_as_wanted(notebook)
    assert "init() of score.py raised FileNotFoundError" in no_start
    assert "Revision 1 goes on to answer." in no_start
    assert "Model diabetes:1 is used by service 'diabetes-service'" in in_use
    said = "\n".join(
        output.get("text") or output.data.get("text/plain", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type != "error"
    )
    assert "without a key: 401" in said
    assert '500 {"message": "An unexpected error occurred in scoring script.' in said
    assert "ValueError: X has 2 features, but StandardScaler is expecting 3 features" in said
    assert "400 {'error': \"a row has 3 numbers: ['age', 'bmi', 'glucose']\"}" in said
    [counted] = re.findall(r"Counter\((.*)\)", said)
    assert {status for status, _ in re.findall(r"\((\d+), (\w+)\)", counted)} == {"200"}


@pytest.mark.timeout(600)  # it starts twenty processes with scikit-learn, one or two at a time
def test_compute_and_sweeps(tmp_path, monkeypatch):
    declare_entry_points(tmp_path / "installed")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'installed'}{os.pathsep}{ROOT}")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # two trials at once on two cores
    try:
        notebook = execute("05_compute_and_sweeps")
    finally:
        end_all_here()

    ws = Workspace.from_config()
    runs = list(ws.experiments["digits"].get_runs())
    assert {run.get_status() for run in runs} == {"Completed"}
    here, there = (run for name in ("here", "there") for run in runs if run.name == name)
    assert here.get_metrics("accuracy") == there.get_metrics("accuracy")
    misnamed, search, widths = [run for run in runs if run.type == "hyperdrive"]
    assert [len(list(one.get_children())) for one in (misnamed, search, widths)] == [2, 4, 6]
    [model] = Model.list(ws)
    assert (model.id, model.run.id) == ("digits:1", search.get_best_run_by_primary_metric().id)
    assert set(ws.compute_targets) == set()

    [nowhere] = failed_as_wanted(notebook)
    assert "Did you mean 'cpu-cluster'?" in nowhere
    said = "\n".join(
        output.get("text") or output.data.get("text/plain", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type != "error"
    )
    assert "no trial has logged 'acuracy'; they logged accuracy" in said
    assert "azureml-logs/70_driver_log_1.txt | ['rank 1 of 2: " in said
    assert "DaskComputeStatus(workers=2, threads=2, running=0, waiting=0)" in said
    assert re.search(r"^Completed 0\.9\d+ \['outputs/model\.pkl'\]$", said, re.MULTILINE)


@pytest.mark.timeout(600)  # a dozen processes with scikit-learn, one or two at a time
def test_pipelines(tmp_path, monkeypatch):
    declare_entry_points(tmp_path / "installed")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'installed'}{os.pathsep}{ROOT}")
    try:
        notebook = execute("06_pipelines")
    finally:
        end_all_here()

    assert failed_as_wanted(notebook) == []
    ws = Workspace.from_config()
    found = [
        run
        for name in ws.experiments
        for run in ws.experiments[name].get_runs()
        if run.type == "azureml.PipelineRun"
    ]
    reused = {
        run.id: [step.properties.get("azureml.isreused") == "true" for step in run.get_children()]
        for run in found
    }
    counts = sorted((len(steps), sum(steps)) for steps in reused.values())
    assert counts == [(1, 0), (1, 0), (2, 0), (2, 0), (2, 1), (2, 1), (2, 2)]
    assert [run.get_status() for run in found].count("Failed") == 1  # the broken one
    [model] = Model.list(ws)
    assert model.id == "tumours:1"
    said = "\n".join(
        output.get("text") or output.data.get("text/plain", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type != "error"
    )
    assert "step 'Broken' failed: ValueError: no such column: malignancy" in said
    assert "(100, " in said  # one line a file
    assert "Every week on Monday at 06:00" in said
