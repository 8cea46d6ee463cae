from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from aml_magics import _namespace

if TYPE_CHECKING:
    from pathlib import Path

VERSION = version("aml-magics")


def run(code: str, *more: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run code in an interpreter whose path of imports begins with our folder."""
    path = os.pathsep.join([str(_namespace.FOLDER), *more])
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def printed(code: str, *more: str) -> str:
    done = run(code, *more)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_names_of_azure_are_those_of_aml_magics():
    code = """
from azureml.core import Experiment, Run, Workspace, VERSION
from azureml.core.run import Run as also, _OfflineRun
from azureml.core.experiment import Experiment as too
from azureml.core.workspace import Workspace as there
import azureml.core, aml_magics
assert (Experiment, Run, Workspace) == (aml_magics.Experiment, aml_magics.Run, aml_magics.Workspace)
assert (also, too, there) == (Run, Experiment, Workspace) and issubclass(_OfflineRun, Run)
print("Ready to use Azure ML", azureml.core.VERSION)
"""
    assert printed(code) == f"Ready to use Azure ML 1.62.0+aml.magics.{VERSION}"


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("import azureml.contrib.nothing", "azureml.contrib"),
        ("from azureml.core import Nothing", "azureml.core.Nothing"),
        ("from azureml.core.run import Nothing", "azureml.core.run.Nothing"),
        ("from azureml.exceptions import Nothing", "azureml.exceptions.Nothing"),
    ],
)
def test_what_is_not_there_is_refused_by_its_name(statement, name):
    done = run(f"try:\n  {statement}\nexcept ImportError as error:\n  print(error)")

    assert done.stdout.strip() == f"{name} is not available in aml_magics {VERSION}."


def test_a_tool_that_looks_for_hidden_names_is_not_disturbed():
    code = "import azureml.core, azureml.core.run as r; print(hasattr(azureml.core, 'nothing'), hasattr(r, '_x'))"

    assert printed(code) == "False False"


def test_a_hidden_name_is_an_attribute_error():
    from aml_magics.compat.missing import refuse

    with pytest.raises(AttributeError, match=r"module 'azureml.x' has no attribute '_y'"):
        refuse("azureml.x")("_y")


def other_package(folder: Path, *parts: str) -> str:
    package = folder / "installed" / "azureml"
    package.mkdir(parents=True)
    line = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
    (package / "__init__.py").write_text(line)
    for part in parts:
        (package / part).mkdir()
        (package / part / "__init__.py").write_text(f"NAME = {part!r}\n")
    return str(package.parent)


def test_packages_that_put_more_below_the_name_stay_importable(tmp_path):
    place = other_package(tmp_path, "elsewhere")

    assert printed("import azureml.elsewhere as e; print(e.NAME)", place) == "elsewhere"


def test_another_azureml_is_not_hidden_without_a_word(tmp_path):
    place = other_package(tmp_path, "core")
    done = run("import azureml.core; print(azureml.core.VERSION)", place)

    assert done.stdout.startswith("1.62.0+aml.magics")
    assert done.stderr == (
        f"azureml is aml_magics {VERSION} here, before the one in {place}/azureml "
        "(`%aml azureml off` to use that).\n"
    )


def test_another_azureml_that_was_imported_is_not_replaced(tmp_path):
    place = other_package(tmp_path, "core")
    code = f"import sys; sys.path[0:2] = [{place!r}]; import azureml\nfrom aml_magics import _namespace\n_namespace.take()"
    done = run(code)

    assert "has imported azureml from" in done.stderr
    assert "restart the kernel" in done.stderr


def test_switching_off_gives_the_name_back(tmp_path):
    place = other_package(tmp_path, "core")
    code = """
from aml_magics import _namespace
_namespace.take()
import azureml.core
assert _namespace.is_on() and hasattr(azureml.core, "Run")
_namespace.leave()
assert not _namespace.is_on()
import azureml.core
print(azureml.core.NAME)
"""
    assert printed(code, place) == "core"


def test_children_find_it_first_and_once():
    environment = {"PYTHONPATH": os.pathsep.join(["/a", str(_namespace.FOLDER)])}
    _namespace.give_to_children(environment)
    _namespace.give_to_children(environment)

    assert environment["PYTHONPATH"].split(os.pathsep) == [str(_namespace.FOLDER), "/a"]


def test_what_is_raised_is_caught_by_azures_names():
    code = """
from azureml.core import Workspace
from azureml.exceptions import UserErrorException
try:
    Workspace.get("nowhere")
except UserErrorException as error:
    print(type(error).__name__)
"""
    assert printed(code) == "WorkspaceNotFoundError"
