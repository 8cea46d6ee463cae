"""What a definition comes to, before anything is built."""

from __future__ import annotations

import sys

import pytest

from aml_magics._namespace import FOLDER
from aml_magics.errors import (
    DependencyError,
    EnvironmentBuildError,
    InvalidEnvironmentError,
    InvalidRequirementError,
)
from aml_magics.records.environment import BuiltEnvironment
from aml_magics.services.environment import interpreter as environment_interpreter
from aml_magics.services.environment import uv as environment_uv
from aml_magics.services.environment.interpreter import interpreter_for, version_of
from aml_magics.services.environment.own_package import PACKAGE, path_for_another
from aml_magics.services.environment.plan import Plan, plan

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def _definition(python="3.6.2", *packages, **more):
    dependencies = [f"python={python}", *packages]
    return {"name": "e", "python": {"condaDependencies": {"dependencies": dependencies}}, **more}


@pytest.fixture
def other_python(tmp_path):
    """An interpreter at another path, which says that it is Python 3.6."""
    path = tmp_path / "python3.6"
    path.write_text("#!/bin/sh\necho 3.6.2\n")
    path.chmod(0o755)
    return path


def test_no_definition_and_one_without_packages_mean_the_python_at_hand():
    for definition in (None, {}, {"python": None}, {"python": {"userManagedDependencies": True}}):
        found = plan(definition)
        assert isinstance(found, BuiltEnvironment)
        assert (found.python, found.folder, found.path) == (
            sys.executable,
            None,
            (str(FOLDER),),
        )


def test_a_python_of_the_users_own_is_taken_as_it_is(other_python):
    python = {"userManagedDependencies": True, "interpreterPath": str(other_python)}

    found = plan({"python": python, "docker": {"enabled": True}})

    assert isinstance(found, BuiltEnvironment)
    assert (found.python, found.python_version) == (str(other_python), "3.6.2")
    assert found.path == path_for_another()
    assert "No container is used" in found.notes[0]
    assert "aml_magics needs 3.11" in found.notes[1]


def test_another_python_gets_aml_magics_and_nothing_else_of_ours():
    from pathlib import Path

    folder = Path(path_for_another()[0])

    assert (folder / "aml_magics").resolve() == PACKAGE
    assert {one.name.partition("-")[0] for one in folder.iterdir()} == {"aml_magics"}
    assert path_for_another() == (str(folder), str(folder / "aml_magics" / "compat"))


def test_an_interpreter_that_is_not_here_is_an_error(tmp_path):
    python = {"userManagedDependencies": True, "interpreterPath": "no-such-python"}
    with pytest.raises(
        EnvironmentBuildError, match=r"'no-such-python' of the environment is not here"
    ):
        plan({"python": python})
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(EnvironmentBuildError, match=r"cannot be run"):
        plan({"python": {**python, "interpreterPath": str(broken)}})


def test_content_decides_the_digest_and_neither_name_nor_order_nor_variables():
    one = plan(_definition(HERE, "a", "b"))
    other = plan(_definition(HERE, "b", "a", name="x", environmentVariables={"A": "1"}))
    third = plan(_definition(HERE, "a"))

    assert isinstance(one, Plan)
    assert isinstance(other, Plan)
    assert isinstance(third, Plan)
    assert one.digest == other.digest != third.digest


@pytest.mark.parametrize("name", ["UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS"])
def test_another_index_of_the_machine_is_another_digest(monkeypatch, name):
    one = plan(_definition(HERE, "a"))
    monkeypatch.setenv(name, "https://u:hunter22@a.example/simple")
    other = plan(_definition(HERE, "a"))

    assert isinstance(one, Plan)
    assert isinstance(other, Plan)
    assert one.digest != other.digest


def test_a_python_that_is_not_here_is_stood_in_for_with_a_note():
    found = plan(_definition("3.6.2", "six"))

    assert isinstance(found, Plan)
    assert found.interpreter.path == sys.executable
    assert found.notes == (f"Python 3.6.2 was asked for: {found.interpreter.version} stands in.",)


def test_nobody_asked_for_the_python_of_azures_default():
    found = plan(_definition("3.10.14", "six"))

    assert isinstance(found, Plan)
    assert found.notes == ()


@pytest.mark.parametrize("asked", ["", HERE, f"{HERE}.1", f"{HERE}.*", ">=3.8", "3"])
def test_the_python_at_hand_serves_what_it_can(asked):
    assert interpreter_for(asked) == environment_interpreter.current()


@pytest.mark.parametrize("asked", ["2.7", "2", "3.6", "3.10.4", "<3.11"])
def test_an_old_python_is_stood_in_for(asked):
    assert interpreter_for(asked).stands_in


def test_a_newer_python_is_looked_for_and_stood_in_for_where_it_is_not(monkeypatch, tmp_path):
    uv = tmp_path / "uv"
    uv.write_text(f'#!/bin/sh\ncase "$*" in *3.98) echo {sys.executable};; *) exit 2;; esac\n')
    uv.chmod(0o755)
    monkeypatch.setattr(environment_interpreter, "uv_program", lambda: str(uv))
    environment_interpreter._find.cache_clear()

    found, missing = interpreter_for("3.98"), interpreter_for("3.99")

    environment_interpreter._find.cache_clear()
    assert (found.path, found.stands_in) == (sys.executable, False)
    assert missing.stands_in


def test_what_is_no_version_is_refused():
    with pytest.raises(InvalidRequirementError, match=r"The Python of an environment is a version"):
        interpreter_for("three")


def test_a_version_is_asked_of_the_interpreter(other_python):
    assert version_of(str(other_python)) == "3.6.2"
    with pytest.raises(EnvironmentBuildError, match=r"cannot be run \(FileNotFoundError\)"):
        version_of("/none/python")


@pytest.mark.parametrize("said", ["", "hello", "3", "3.x.y"])
def test_a_program_that_is_no_python_is_said_to_be_none(tmp_path, said):
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\necho {said}\n")
    path.chmod(0o755)
    definition = {"python": {"interpreterPath": str(path), "userManagedDependencies": True}}

    with pytest.raises(EnvironmentBuildError, match=r"is no Python: .* set environment.python"):
        plan(definition)


def test_a_definition_of_another_form_is_refused():
    with pytest.raises(InvalidEnvironmentError, match=r"`dependencies` .* is a list"):
        plan({"python": {"condaDependencies": {"dependencies": 7}}})
    with pytest.raises(InvalidEnvironmentError, match=r"holds str where it has"):
        plan({"python": {"condaDependencies": "numpy"}})


def test_uv_that_is_not_installed_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "uv", None)
    monkeypatch.setenv("PATH", "/none")

    with pytest.raises(DependencyError, match=r"pip install uv"):
        environment_uv.uv_program()
