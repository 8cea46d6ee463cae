"""Environments as notebooks make, register and find them."""

from __future__ import annotations

import json

import pytest
import yaml

from aml_magics.errors import (
    AlreadyExistsError,
    EnvironmentNotFoundError,
    InvalidEnvironmentError,
    InvalidNameError,
    SectionAttributeError,
)
from aml_magics.records.environment import BuiltEnvironment
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies
from aml_magics.sdk.environment.environment import (
    ContainerRegistry,
    Environment,
    ImageBuildDetails,
    RSection,
)

CONDA = """
name: lab
dependencies:
- python=3.6.2
- scikit-learn
- pip
- pip:
  - azureml-defaults
"""


@pytest.fixture
def conda_file(tmp_path):
    path = tmp_path / "conda.yml"
    path.write_text(CONDA)
    return path


def test_an_environment_is_written_as_azure_writes_it():
    environment = Environment("diabetes")
    environment.python.conda_dependencies = CondaDependencies.create(pip_packages=["six"])
    environment.docker.enabled = True

    written = json.loads(repr(environment))

    assert written == environment.to_dict()
    assert list(written) == sorted(written)
    assert (written["name"], written["version"], written["docker"]["enabled"]) == (
        "diabetes",
        None,
        True,
    )
    assert written["python"]["interpreterPath"] == "python"
    assert written["python"]["condaDependencies"]["dependencies"][1] == {"pip": ["six"]}
    assert written["spark"] == {"packages": [], "precachePackages": True, "repositories": []}
    assert Environment.from_dict(written) == environment


def test_a_misspelt_attribute_is_an_error():
    environment = Environment("e")

    with pytest.raises(SectionAttributeError, match=r"Did you mean 'environment_variables'"):
        environment.enviroment_variables = {}
    with pytest.raises(AttributeError, match=r"Did you mean 'user_managed_dependencies'"):
        environment.python.user_managed_dependancies = True
    environment.r = RSection(r_version="4")
    assert environment.to_dict()["r"]["rVersion"] == "4"


def test_a_name_follows_the_rule():
    with pytest.raises(InvalidNameError, match=r"name of an environment is empty"):
        Environment(" ")


def test_a_conda_file_is_recorded_as_it_is_written(workspace, conda_file):
    environment = Environment.from_conda_specification("lab", conda_file)
    environment.register(workspace)

    kept = Environment.get(workspace, "lab").python.conda_dependencies
    assert yaml.safe_load(kept.serialize_to_string()) == yaml.safe_load(CONDA)


def test_a_conda_file_can_be_named_in_place_of_dependencies(conda_file):
    environment = Environment("e")
    environment.python.conda_dependencies_file = str(conda_file)

    python = environment.to_dict()["python"]

    assert python["condaDependencies"] == yaml.safe_load(CONDA)
    assert python["condaDependenciesFile"] is None


def test_requirements_are_taken_from_a_file(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text("# head\nsix==1.16.0  # why\n\npandas \\\n  >=2\n")

    environment = Environment.from_pip_requirements("e", path, pip_version="23.1")

    assert environment.python.conda_dependencies.pip_packages == ["six==1.16.0", "pandas >=2"]
    assert environment.python.conda_dependencies.conda_packages == ["pip=23.1"]


def test_a_container_is_recorded(tmp_path, conda_file):
    image = Environment.from_docker_image("e", "a/b:1", ContainerRegistry(address="r"), conda_file)
    assert (image.docker.base_image, image.docker.base_image_registry.address) == ("a/b:1", "r")
    assert image.python.user_managed_dependencies is False
    (tmp_path / "Dockerfile").write_text("FROM a\n")
    for dockerfile in (tmp_path / "Dockerfile", "FROM a\n"):
        made = Environment.from_dockerfile("e", dockerfile)
        assert (made.docker.base_dockerfile, made.docker.base_image) == ("FROM a\n", None)
        assert made.python.user_managed_dependencies is True
    context = Environment.from_docker_build_context("e", "folder")
    assert context.docker.build_context == "folder"
    with pytest.raises(
        InvalidEnvironmentError, match=r"conda_specification or from pip_requirements"
    ):
        Environment.from_docker_image("e", "a", None, conda_file, conda_file)


def test_a_version_is_added_only_when_the_content_changed(workspace):
    environment = Environment("e")
    assert environment.register(workspace).version == "1"
    assert environment.register(workspace).version == "1"
    assert environment.version is None
    environment.environment_variables = {"A": "1"}
    assert environment.register(workspace).version == "2"

    assert Environment.get(workspace, "e").environment_variables == {"A": "1"}
    assert Environment.get(workspace, "e", version="1").environment_variables == {}
    assert Environment.get(workspace, name="e", label="latest").version == "2"
    again = Environment.get(workspace, "e", 1)
    assert again.register(workspace).version == "3"


def test_labels_find_a_version(workspace):
    environment = Environment("e")
    environment.register(workspace)
    environment.environment_variables = {"A": "1"}
    environment.register(workspace)
    Environment.label(workspace, "e", "1", ["good"])

    assert Environment.get(workspace, "e", label="good").version == "1"
    with pytest.raises(EnvironmentNotFoundError, match=r"no version labelled 'bad'; it has 1, 2"):
        Environment.get(workspace, "e", label="bad")


def test_environments_are_listed_by_name_with_the_curated(workspace):
    Environment("mine").register(workspace)

    listed = Environment.list(workspace)

    assert listed["mine"].version == "1"
    curated = [name for name in listed if name.startswith("AzureML")]
    assert "AzureML-Minimal" in curated
    assert "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu" in curated
    for name in curated:
        text = listed[name].python.conda_dependencies.serialize_to_string()
        assert "azureml-defaults" in str(yaml.safe_load(text)["dependencies"])


def test_the_workspace_maps_names_to_environments(workspace):
    found = workspace.environments
    assert "mine" not in found
    Environment("mine").register(workspace)

    assert "mine" in found
    assert list(found)[-1] == "mine"
    assert len(found) == len(list(found))
    assert found["mine"].version == "1"
    assert found.get("none") is None
    assert "'mine'" in repr(found)
    with pytest.raises(KeyError, match=r"No environment 'mines'.*Did you mean 'mine'"):
        found["mines"]


def test_a_curated_environment_is_cloned_under_a_name_of_ones_own(workspace):
    curated = Environment.get(workspace, "AzureML-Tutorial")
    with pytest.raises(InvalidNameError, match=r"curated environments, 'AzureML-Tutorial' too"):
        curated.register(workspace)

    mine = curated.clone("tutorial")
    mine.python.conda_dependencies.add_pip_package("six")

    assert mine.register(workspace).version == "1"
    assert "six" not in curated.python.conda_dependencies.pip_packages


def test_a_folder_keeps_an_environment(tmp_path, conda_file):
    environment = Environment.from_dockerfile("e", "FROM a\n", conda_file)
    environment.save_to_directory(tmp_path / "saved")
    assert Environment.load_from_directory(tmp_path / "saved") == environment
    with pytest.raises(AlreadyExistsError, match=r"pass overwrite=True"):
        environment.save_to_directory(tmp_path / "saved")
    environment.save_to_directory(tmp_path / "saved", overwrite=True)
    edited = tmp_path / "saved" / "conda_dependencies.yml"
    edited.write_text("dependencies: [python=3.12]")
    loaded = Environment.load_from_directory(tmp_path / "saved")
    assert loaded.python.conda_dependencies.python_version == "3.12"
    (tmp_path / "saved" / "azureml_environment.json").write_text("{")
    with pytest.raises(InvalidEnvironmentError, match=r"is no JSON"):
        Environment.load_from_directory(tmp_path / "saved")
    with pytest.raises(InvalidEnvironmentError, match=r"cannot be read: No such file"):
        Environment.load_from_directory(tmp_path / "none")


def test_a_build_says_what_is_done_and_that_there_is_no_image(workspace, capsys):
    environment = Environment("e")
    environment.python.user_managed_dependencies = True
    environment.docker.enabled = True

    built = environment.build(workspace).wait_for_completion(show_output=True)
    said = capsys.readouterr().out
    assert built.status == "Succeeded"
    assert "No container is used" in said
    assert built.built.python in said
    assert "Succeeded" in repr(built)
    environment.build_local(workspace)
    assert capsys.readouterr().out.count("No container is used") == 1
    details = environment.get_image_details(workspace)
    assert details["imageExistsInRegistry"] is False
    assert details["pythonEnvironment"] == built.built.python


def test_a_build_can_be_waited_for_in_silence(capsys):
    ImageBuildDetails(BuiltEnvironment("p", "3", "d"), ["x"]).wait_for_completion(show_output=False)

    assert capsys.readouterr().out == ""


def test_an_environment_draws_itself_without_markup_of_its_name(conda_file):
    payload = '<img src=x onerror="window.__pwned=1">'
    environment = Environment.from_conda_specification(payload, conda_file)
    environment.python.conda_dependencies.add_pip_package(payload)

    drawn = environment._repr_html_()

    assert "<img" not in drawn
    assert "scikit-learn" in drawn
    assert "python=3.6.2" in drawn
