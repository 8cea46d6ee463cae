"""`aml-magics azureml`, on a Python of the test."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from typing import TYPE_CHECKING

import pytest

from aml_magics import _namespace
from aml_magics.errors import UsageError
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

IMPORT = "import azureml.core, numpy; print(azureml.core.VERSION)"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A virtual environment that borrows the packages of this one; its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "own"], check=True)
    [packages] = (tmp_path / "own").glob("lib/python3*/site-packages")
    (packages / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n")
    return tmp_path / "own" / "bin" / "python"


def run(python: Path, *words: str) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [python, *words], env=variables, capture_output=True, text=True, check=False
    )


def test_each_process_of_a_python_finds_it_until_it_is_switched_off(own):
    def azureml(*words: str) -> str:
        done = run(own, "-m", "aml_magics", "azureml", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run(own, "-c", IMPORT).returncode == 1
    assert azureml().startswith("`import azureml` does not give aml_magics")

    assert azureml("on") == azureml("on") == azureml()
    assert azureml().startswith("`import azureml` gives aml_magics")
    assert run(own, "-c", IMPORT).stdout.startswith("1.62.0+aml.magics")

    assert azureml("off") == azureml("off")
    assert run(own, "-c", IMPORT).returncode == 1


def test_it_comes_before_a_package_of_somebody_else_and_leaves_no_trace_of_a_removed_one(own):
    [packages] = own.parents[1].glob("lib/python3*/site-packages")
    (packages / "azureml" / "core").mkdir(parents=True)
    (packages / "azureml" / "core" / "__init__.py").write_text("VERSION = 'theirs'\n")
    assert run(own, "-c", IMPORT).stdout == "theirs\n"

    run(own, "-m", "aml_magics", "azureml", "on")
    assert run(own, "-c", IMPORT).stdout.startswith("1.62.0+aml.magics")

    [line] = packages.glob("aml_magics_azureml.pth")
    line.write_text(line.read_text().replace(str(_namespace.FOLDER), str(packages / "gone")))
    assert run(own, "-c", "import azureml.core, sys; print(sys.path[1])").stdout != ""
    assert run(own, "-c", IMPORT).stdout == "theirs\n"


def test_a_folder_that_cannot_be_written_is_named_with_another_way(tmp_path):
    with pytest.raises(
        UsageError, match=r"aml_magics_azureml.pth cannot be written .*python script"
    ):
        _namespace.give_to_python(tmp_path / "none", is_given=True)


def test_anything_else_is_refused(shell):
    done = shell("azureml", "maybe")

    assert (done.returncode, done.stdout) == (2, "")
    assert "'maybe' is none of its values" in done.stderr
