"""Conda where it is here and asked for; a script stands in for it."""

from __future__ import annotations

import json
import sys

import pytest

from aml_magics.errors import (
    DependencyError,
    EnvironmentBuildError,
    EnvironmentNotFoundError,
    InvalidRequirementError,
)
from aml_magics.sdk.environment.environment import Environment
from aml_magics.services.environment.build import build, find_built
from aml_magics.services.environment.conda import asked_program
from aml_magics.services.environment.plan import Plan, plan

_CONDA = """#!{python}
import json, os, pathlib, subprocess, sys
words = sys.argv[1:]
if words[:2] == ["env", "list"]:
    print(json.dumps({{"envs": [{envs!r}]}}))
elif words[:2] == ["env", "export"]:
    print("name: lab\\nprefix: /x\\ndependencies: [python=3.6.2, six=1.16]")
elif words[:2] == ["env", "create"]:
    target = words[words.index("--prefix") + 1]
    text = pathlib.Path(words[words.index("--file") + 1]).read_text()
    if "bad" in text:
        sys.exit("PackagesNotFoundError: bad, asked at https://u:hunter22@h/x")
    subprocess.run([{uv!r}, "venv", "-q", "--no-project", "--python", {python!r}, target], check=True)
"""


@pytest.fixture
def conda(tmp_path, monkeypatch):
    from aml_magics.services.environment.uv import uv_program

    lab = tmp_path / "envs" / "lab"
    (lab / "bin").mkdir(parents=True)
    (lab / "bin" / "python").symlink_to(sys.executable)
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "conda"
    program.write_text(_CONDA.format(python=sys.executable, envs=str(lab), uv=uv_program()))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return program


def _definition(*packages):
    dependencies = {"dependencies": ["python=3.6.2", *packages]}
    return {"name": "e", "python": {"condaDependencies": dependencies}}


def test_conda_is_used_when_asked_for_only(conda, monkeypatch):
    assert asked_program() == ""
    monkeypatch.setenv("AML_MAGICS_CONDA", "1")
    assert asked_program() == str(conda)
    monkeypatch.setenv("PATH", "/none")
    with pytest.raises(DependencyError, match=r"None of micromamba, mamba, conda is on PATH"):
        asked_program()


def test_an_existing_environment_gives_its_interpreter_and_records_its_packages(conda, tmp_path):
    environment = Environment.from_existing_conda_environment("mine", "lab")

    python = environment.python
    assert python.user_managed_dependencies is True
    assert python.base_conda_environment == "lab"
    assert python.conda_dependencies.as_dict() == {
        "name": "lab", "dependencies": ["python=3.6.2", "six=1.16"],
    }  # fmt: skip
    built = build(environment.to_dict())
    assert built.python == str(tmp_path / "envs" / "lab" / "bin" / "python")
    assert len(built.path) == 2
    with pytest.raises(
        EnvironmentNotFoundError, match=r"no environment 'labs' .*Did you mean 'lab'"
    ):
        Environment.from_existing_conda_environment("mine", "labs")


def test_conda_builds_an_environment_that_can_import_aml_magics(conda, monkeypatch):
    import subprocess

    monkeypatch.setenv("AML_MAGICS_CONDA", "1")

    built = build(_definition("six=1.16"))

    assert find_built(_definition("six=1.16")) == built
    code = "import aml_magics.sdk.run.run, sqlalchemy; print(1)"
    assert subprocess.check_output([built.python, "-c", code], text=True) == "1\n"
    monkeypatch.delenv("AML_MAGICS_CONDA")
    assert find_built(_definition("six=1.16")) is None


def test_condas_reason_is_shown_without_passwords(conda, monkeypatch):
    monkeypatch.setenv("AML_MAGICS_CONDA", "1")

    with pytest.raises(
        EnvironmentBuildError, match=r"`conda env` ended with status 1: Packages"
    ) as caught:
        build(_definition("bad"))
    assert "hunter22" not in str(caught.value)
    assert json.dumps(str(caught.value))


@pytest.mark.parametrize(
    ("channels", "package"),
    [
        (["https://user:hunter22@evil.example"], "six"),
        (["/tmp/evil"], "six"),
        (["file:x"], "six"),
        (["conda-forge"], "/tmp/evil::six"),
        (["conda-forge"], "./evil::six"),
    ],
)
def test_a_channel_that_is_an_address_is_refused_unless_allowed(
    conda, monkeypatch, channels, package
):
    definition = _definition(package)
    definition["python"]["condaDependencies"]["channels"] = channels
    plan(definition)  # without conda nothing comes from it
    monkeypatch.setenv("AML_MAGICS_CONDA", "1")

    with pytest.raises(
        InvalidRequirementError, match=r"packages from elsewhere.*'index'"
    ) as caught:
        plan(definition)
    assert "hunter22" not in str(caught.value)
    assert isinstance(plan(definition, ["index"]), Plan)
