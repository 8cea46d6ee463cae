from __future__ import annotations

import os
import zipfile
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from aml_magics import _namespace
from tests.compat.python import microsofts, printed, python

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

VERSION = version("aml-magics")


def run(code: str, *more: str) -> subprocess.CompletedProcess[str]:
    return python("-c", code, path=more)


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
        ("import azureml.contrib.nothing", "azureml.contrib.nothing"),
        ("from azureml.core import Nothing", "azureml.core.Nothing"),
        ("from azureml.core.run import Nothing", "azureml.core.run.Nothing"),
        ("from azureml.exceptions import Nothing", "azureml.exceptions.Nothing"),
        ("from azureml.core.model import Nothing", "azureml.core.model.Nothing"),
        ("from azureml import Nothing", "azureml.Nothing"),
    ],
)
def test_what_is_not_there_is_refused_by_its_name(statement, name):
    done = run(f"try:\n  {statement}\nexcept ImportError as error:\n  print(error)")

    assert done.stdout.strip() == f"{name} is not available in aml_magics {VERSION}."


def test_a_tool_that_looks_for_hidden_names_is_not_disturbed():
    code = "import azureml.core, azureml.core.run as r; print(hasattr(azureml.core, 'nothing'), hasattr(r, '_x'))"

    assert printed(code) == "False False"


@pytest.mark.parametrize(
    "module",
    [
        "azureml",
        "azureml.core",
        "azureml.data",
        "azureml.train",
        "azureml.core.run",
        "azureml.core.model",
    ],
)
def test_a_look_for_a_name_that_is_not_there_is_no_error(module):
    code = f"""
import importlib
module = importlib.import_module({module!r})
print(hasattr(module, "NotThere"), hasattr(module, "_x"), getattr(module, "NotThere", None))
try: module.NotThere
except AttributeError as error: print(error)"""
    said = f"{module}.NotThere is not available in aml_magics {VERSION}."

    assert printed(code).splitlines() == ["False False None", said]


def test_a_look_for_a_module_that_is_not_there_is_no_error():
    code = """
import azureml.core
from importlib.util import find_spec
print(find_spec("azureml.nothing"), find_spec("azureml.core.nothing"), bool(find_spec("azureml.core.run")))"""

    assert printed(code) == "None None True"


def test_modules_of_the_package_are_its_attributes():
    code = """
import azureml.core
print(azureml.data.TabularDataset.__name__, azureml.core.runconfig.RunConfiguration.__name__,
      azureml.exceptions.AzureMLException.__name__, azureml.train.dnn.PyTorch.__name__)"""

    assert printed(code) == "TabularDataset RunConfiguration AmlError PyTorch"


def test_a_star_brings_the_names_and_nothing_else():
    code = """
from azureml.core import *
from azureml.data import *
from azureml.core.run import *
from azureml.core.model import *
from azureml.train.estimator import *
print(*sorted(name for name in globals() if not name.startswith("_")))"""

    assert printed(code) == (
        "ComputeTarget ContainerRegistry DataType Dataset Datastore Environment Estimator Experiment FileDataset "
        "HDFSOutputDatasetConfig Keyvault LinkFileOutputDatasetConfig LinkTabularOutputDatasetConfig Model "
        "OutputFileDatasetConfig Run RunConfiguration ScriptRun ScriptRunConfig TabularDataset Webservice Workspace"
    )


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


def test_what_microsoft_installed_gives_no_part_of_the_sdk(tmp_path):
    place = str(tmp_path / "installed")
    for one in microsofts(tmp_path / "wheels"):
        zipfile.ZipFile(one).extractall(place)
    code = """
import azureml.core, azureml.train, azureml.widgets, azureml.rag
print(hasattr(azureml.core, "WHOSE"), azureml.widgets.RunDetails.__module__, azureml.rag.WHOSE)
for name in ("datadrift", "datadrift.core", "train.automl", "_restclient"):
    try: __import__(f"azureml.{name}")
    except ImportError as error: print(str(error).partition(" in ")[0])
print(hasattr(azureml, "datadrift"))"""

    assert printed(code, place).splitlines() == [
        "False aml_magics.widgets.run_details Microsoft",
        "azureml.datadrift is not available",
        "azureml.datadrift is not available",
        "azureml.train.automl is not available",
        "azureml._restclient is not available",
        "False",
    ]


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
