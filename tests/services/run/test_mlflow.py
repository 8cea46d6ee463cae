"""The address for MLflow, and what a submitted script is told."""

from __future__ import annotations

import sys

import pytest

from aml_magics import Experiment, Workspace
from aml_magics.errors import InvalidPathError
from aml_magics.services.run.mlflow import (
    Place,
    files_uri,
    place_of,
    script_variables,
    tracking_uri,
)


def _install(folder, *, with_us=True):
    (folder / "mlflow").mkdir(parents=True)
    (folder / "mlflow" / "__init__.py").touch()
    info = folder / "aml_magics-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: aml-magics\nVersion: 0\n")
    if with_us:
        (info / "entry_points.txt").write_text("[mlflow.tracking_store]\naml-magics = a:b\n")


@pytest.mark.parametrize("name", ["w", "my ws", "größe", "a%20b", "a+b,c=d"])
def test_an_address_leads_back_to_what_it_names(name):
    store = Workspace.create(name).store
    assert place_of(tracking_uri(store)) == Place(name)
    assert place_of(files_uri(store, "r-1")) == Place(name, "r-1")
    assert place_of(files_uri(store, "r-1", "model/x y")) == Place(name, "r-1", "model/x y")


@pytest.mark.parametrize(
    "uri", ["", "file:///x", "aml-magics:w", "aml-magics://", "aml-magics://w/x"]
)
def test_another_address_is_refused(uri):
    with pytest.raises(InvalidPathError, match="no MLflow address of a workspace"):
        place_of(uri)


@pytest.fixture
def run():
    run = Experiment(Workspace.create("w"), "e").start_logging()
    yield run
    run.complete()


def test_a_script_with_mlflow_logs_to_its_run(run, tmp_path):
    packages = tmp_path / "env" / "lib" / "python3.11" / "site-packages"
    _install(packages)
    python = str(tmp_path / "env" / "bin" / "python")
    store = run.experiment.workspace.store
    found = script_variables(store, run.record, python, {})
    assert found == {
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_TRACKING_URI": "aml-magics://w",
        "MLFLOW_RUN_ID": run.id,
        "MLFLOW_EXPERIMENT_NAME": "e",
        "MLFLOW_EXPERIMENT_ID": run.experiment.id,
    }
    # a notebook's set_tracking_uri is inherited; it is no wish for another place
    assert found == script_variables(
        store, run.record, python, {"MLFLOW_TRACKING_URI": "aml-magics://w"}
    )
    elsewhere = {"MLFLOW_TRACKING_URI": "http://tracking.example"}
    assert script_variables(store, run.record, python, elsewhere) == {}
    assert script_variables(store, run.record, sys.executable, {"PYTHONPATH": str(packages)})


def test_a_script_whose_python_cannot_use_it_is_told_nothing(run, tmp_path):
    store = run.experiment.workspace.store
    python = str(tmp_path / "env" / "bin" / "python")
    assert script_variables(store, run.record, python, {}) == {}
    _install(tmp_path / "env" / "lib" / "python3.11" / "site-packages", with_us=False)
    assert script_variables(store, run.record, python, {}) == {}
