"""MLflow on a workspace of the test, and programs that find us by the package's entry points."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import mlflow
import pytest

from aml_magics import Workspace
from aml_magics.mlflow import plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave nothing of what MLflow keeps in the process and its environment."""
    for name in list(os.environ):
        if name.startswith("MLFLOW_"):
            monkeypatch.delenv(name)
    before = dict(os.environ)
    yield
    while mlflow.active_run() is not None:
        mlflow.end_run()
    mlflow.set_tracking_uri(None)
    mlflow.tracking.fluent._active_experiment_id = None
    for name in os.environ.keys() - before.keys():
        monkeypatch.delenv(name)


@pytest.fixture
def ws() -> Workspace:
    """A workspace that MLflow logs to."""
    plugin.register()  # the installed package may be older than its entry points
    ws = Workspace.create("my ws")
    mlflow.set_tracking_uri(ws.get_mlflow_tracking_uri())
    return ws


@pytest.fixture
def client(ws: Workspace) -> mlflow.MlflowClient:
    """MLflow's own client on the workspace."""
    return mlflow.MlflowClient()


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment in which MLflow finds the entry points that this source declares."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    points = [
        line
        for group, found in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in found.items()))
    ]
    info = tmp_path / "installed" / "aml_magics-0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: aml-magics\nVersion: 0\n")
    (info / "entry_points.txt").write_text("\n".join(points))
    # so that MLflow believes itself at a user's: it is silent in tests
    hidden = {"PYTEST_CURRENT_TEST", "CI", "GITHUB_ACTIONS", "GITLAB_CI"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "PYTHONPATH": f"{info.parent}{os.pathsep}{ROOT}"}


@pytest.fixture
def program(environ: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a program to its end."""

    def run(code: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)],
            env={**environ, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run
