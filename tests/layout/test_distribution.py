"""What is given to users: a wheel and an sdist, built and installed where there is no Node.js."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aml_magics.services.environment.uv import uv_program
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 2**20
MOST_BYTES = 250 * MEGABYTE
MOST_DISTRIBUTIONS = 60
EXTENSION = "share/jupyter/labextensions/aml-magics"
LOGS_A_RUN = """
import sys
from aml_magics.sdk.run.experiment import Experiment
from aml_magics.sdk.workspace.workspace import Workspace
ws = Workspace.create("test")
run = Experiment(ws, "digits").start_logging()
run.log("accuracy", 0.5)
run.complete()
(again,) = Experiment(ws, "digits").get_runs()
print(again.get_metrics(), again.get_status(), "duckdb" in sys.modules)
"""


@pytest.fixture(scope="module")
def without_node(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment of processes whose PATH holds nothing of the front end's."""
    programs = tmp_path_factory.mktemp("bin")
    for name in ("env", "git", "sh", "uname"):
        found = next(p for p in map(Path, ("/bin", "/usr/bin")) if (p / name).exists())
        (programs / name).symlink_to(found / name)
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return {**kept, "PATH": str(programs), "UV_PYTHON_DOWNLOADS": "never", "NO_COLOR": "1"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, without_node: dict[str, str]) -> Iterator[Path]:
    """A folder with the sdist, and the wheel that was built from it."""
    if not (ROOT / "aml_magics" / "labextension" / "package.json").is_file():
        pytest.fail("the front end is not built: make front")
    folder = tmp_path_factory.mktemp("dist")
    _do([uv_program(), "build", "--out-dir", folder, ROOT], without_node)
    return folder


def _do(command: list[str | Path], environ: dict[str, str], folder: Path | None = None) -> str:
    done = subprocess.run(
        command, env=environ, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_wheel_holds_each_file_once_and_only_what_is_used(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        infos = [one for one in wheel.infolist() if one.file_size]
    names = {one.filename for one in infos} | {"aml_magics/py.typed"}  # which is empty
    contents = Counter((one.CRC, one.file_size) for one in infos)
    twice = [one.filename for one in infos if contents[one.CRC, one.file_size] > 1]
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "aml_magics").rglob("*.py")}
    notebooks = {
        f"aml_magics/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")
    }
    data = {name.partition(".data/data/")[2] for name in names if ".data/data/" in name}

    # Folders have the same docstring now and then.
    assert [name for name in twice if not name.endswith("__init__.py")] == []
    assert {name for name in names if name.endswith(".py")} == modules
    assert {name for name in names if name.endswith(".ipynb")} == notebooks
    assert {path.split("/")[0].rpartition(".")[2] for path in names} == {
        "aml_magics",
        "data",
        "dist-info",
    }
    assert {name for name in names if name.startswith("aml_magics/widgets/static/")} == {
        f"aml_magics/widgets/static/{name}"
        for name in (
            "compare.js",
            "computes.js",
            "dataset.js",
            "model.js",
            "models.js",
            "pipeline.js",
            "pipelines.js",
            "run.js",
            "runs.js",
            "screens.css",
            "service.js",
            "services.js",
            "sweep.js",
        )
    }
    assert not any(name.startswith("aml_magics/labextension/") for name in names)
    assert data >= {
        f"{EXTENSION}/install.json",
        f"{EXTENSION}/package.json",
        "etc/jupyter/jupyter_server_config.d/aml_magics.json",
        "share/jupyter/kernels/aml/kernel.json",
    }


def test_the_sdist_holds_what_its_makefile_calls(built: Path, tmp_path: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        sdist.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()

    for target in ("demo", "lab", "lint", "lowest"):
        _do(["make", "--dry-run", "-C", folder, target], dict(os.environ))
    assert os.access(folder / ".ci" / "system-packages", os.X_OK)
    assert (folder / "labextension" / "package-lock.json").is_file()
    assert not list(folder.rglob("node_modules"))


def test_the_wheel_is_light_and_works_without_node_and_without_extras(
    built: Path, tmp_path: Path, without_node: dict[str, str]
) -> None:
    wheel = next(built.glob("*.whl"))
    environ = {**without_node, "AML_MAGICS_HOME": str(tmp_path / "home")}
    _do([uv_program(), "venv", "--python", sys.executable, tmp_path / "env"], environ)
    python = tmp_path / "env" / "bin" / "python"
    install = [uv_program(), "pip", "install", "--python", python]
    _do([*install, wheel], environ)
    (packages,) = (tmp_path / "env" / "lib").glob("*/site-packages")
    files = [path for path in packages.rglob("*") if path.is_file() and path.suffix != ".pyc"]

    assert sum(path.stat().st_size for path in files) < MOST_BYTES
    assert len(list(packages.glob("*.dist-info"))) < MOST_DISTRIBUTIONS
    assert (
        _do([python, "-c", LOGS_A_RUN], environ, tmp_path) == "{'accuracy': 0.5} Completed False\n"
    )

    _do([*install, f"aml-magics[lab] @ {wheel.as_uri()}"], environ)
    listed = _do([python, "-m", "jupyter", "labextension", "list"], environ, tmp_path)
    assert f"aml-magics v{version('aml-magics')} enabled OK" in re.sub(r"\x1b\[\d*m", "", listed)
