"""``pip install`` where aml_magics stands for Microsoft's packages: real pips, on wheels of the test."""

from __future__ import annotations

import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from aml_magics import _namespace
from aml_magics.compat.aml_magics_pip import names_packages, without_azureml
from aml_magics.compat.aml_magics_start import WITHOUT_AZUREML
from tests.compat.python import microsofts, python, wheel

SCRIPT = str(Path(sysconfig.get_path("scripts")) / "pip")


@pytest.mark.parametrize(
    ("line", "kept", "left_out"),
    [
        ("install azureml-sdk", "install", ["azureml-sdk"]),
        ("install --upgrade azureml-sdk[notebooks,automl]", "install --upgrade", ["azureml-sdk[notebooks,automl]"]),
        ("install -q 'azureml-core>=1.0,<2' six", "install -q six", ["azureml-core>=1.0,<2"]),
        ("-v install azureml.widgets==1.62.0 AzureML_train", "-v install", ["azureml.widgets==1.62.0", "AzureML_train"]),
        ("install 'azureml-core ; python_version>\"3\"'", "install", ['azureml-core ; python_version>"3"']),
        ("install 'azureml-mlflow @ https://x.org/a.whl'", "install", ["azureml-mlflow @ https://x.org/a.whl"]),
        ("install -r azureml -t azureml azure-ai-ml", "install -r azureml -t azureml azure-ai-ml", []),
        ("install ./azureml-core azureml_core-1.0-py3-none-any.whl", "install ./azureml-core azureml_core-1.0-py3-none-any.whl", []),
        ("install azureml2 my-azureml aml-magics", "install azureml2 my-azureml aml-magics", []),
        ("uninstall azureml-core", "uninstall azureml-core", []),
    ],
)  # fmt: skip
def test_words_of_a_line_are_told_apart(line, kept, left_out):
    found = without_azureml(shlex.split(line))

    assert found == (shlex.split(kept), left_out)


@pytest.mark.parametrize(
    ("line", "is_any"),
    [
        ("install", False),
        ("install --upgrade -t folder --quiet", False),
        ("install six", True),
        ("install -r requirements.txt", True),
        ("install --requirement=requirements.txt", True),
        ("install -e .", True),
    ],
)
def test_a_line_of_which_nothing_is_left_is_known(line, is_any):
    assert names_packages(line.split()) is is_any


@pytest.fixture
def wheels(tmp_path):
    """A folder of wheels, Microsoft's among them."""
    microsofts(tmp_path / "wheels")
    wheel(tmp_path / "wheels", "plain", {"plain.py": ""})
    return tmp_path / "wheels"


@pytest.fixture
def install(tmp_path, wheels):
    """Run a pip on that folder; what it wrote, and the packages that are there then."""

    def run(*words, pip=("-m", "pip"), switch="1"):
        target = tmp_path / "target"
        more = ["--no-index", "--find-links", str(wheels), "--target", str(target), *words]
        program, *rest = pip if pip[0] != "-m" else (sys.executable, *pip)
        done = python(*rest, "install", *more, program=program, **{WITHOUT_AZUREML: switch})
        packages = {one.name.split("-")[0] for one in target.glob("*.dist-info")}
        return done, packages

    return run


@pytest.mark.parametrize("pip", [("-m", "pip"), (SCRIPT,)])
def test_the_rest_of_a_line_is_installed(install, pip):
    done, packages = install(
        "--upgrade", "azureml-widgets[x]", "plain", "azureml-core>=0.1", pip=pip
    )

    assert done.returncode == 0, done.stderr
    assert packages == {"plain"}
    assert done.stdout.splitlines()[0] == (
        "Not installed: azureml-widgets[x], azureml-core>=0.1, since aml_magics gives azureml here. "
        f"(`%env {WITHOUT_AZUREML}=0` lets pip install it.)"
    )


def test_a_line_of_azureml_alone_ends_well(install):
    done, packages = install("azureml-core", "--upgrade", "azureml-pipeline")

    assert (done.returncode, done.stderr, packages) == (0, "", set())
    assert done.stdout.startswith("Not installed: azureml-core, azureml-pipeline, since")


def test_what_a_package_brings_along_is_installed_for_it(install, wheels):
    wheel(wheels, "interpret-community", {"interpret_community.py": ""})

    done, packages = install("azureml-interpret")

    assert packages == {"interpret_community"}, done.stderr
    assert "interpret-community is installed instead." in done.stdout


def test_it_can_be_switched_off(install):
    done, packages = install("azureml-datadrift", switch="0")

    assert packages == {"azureml_core", "azureml_datadrift"}
    assert "Not installed" not in done.stdout


def test_another_program_keeps_its_words(tmp_path):
    script = tmp_path / "train.py"
    script.write_text("import sys; print(sys.argv[1:])")
    done = python(str(script), "install", "azureml-core", **{WITHOUT_AZUREML: "1"})

    assert done.stdout == "['install', 'azureml-core']\n"


def test_the_pip_of_a_python_that_has_no_aml_magics_leaves_it_out_too(tmp_path):
    (tmp_path / "aml_magics.py").write_text("raise ImportError('not for this Python')")
    (tmp_path / "pip").write_text("import sys; print(sys.argv[1:])")
    done = subprocess.run(
        [sys.executable, "pip", "install", "azureml-mlflow", "six"],
        env={"PYTHONPATH": f"{tmp_path}:{_namespace.FOLDER}", WITHOUT_AZUREML: "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.splitlines()[1:] == ["['install', 'six']"]
