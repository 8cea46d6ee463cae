"""Conda and pip packages, as notebooks put them together."""

from __future__ import annotations

import pytest
import yaml

from aml_magics.errors import InvalidEnvironmentError, InvalidRequirementError
from aml_magics.sdk.environment.conda_dependencies import PYTHON_DEFAULT_VERSION, CondaDependencies


def test_dependencies_alone_have_python_and_azureml_defaults():
    made = CondaDependencies()

    assert made.python_version == PYTHON_DEFAULT_VERSION
    assert made.pip_packages == ["azureml-defaults"]
    assert made.conda_packages == []
    assert made.conda_channels == ["anaconda", "conda-forge"]
    assert CondaDependencies.get_default_number_of_packages() == 2


def test_create_pins_the_sdk_and_leaves_the_rest_as_it_is():
    made = CondaDependencies.create(
        conda_packages=["scikit-learn", "numpy=1.26", "pip"],
        pip_packages=["azureml-defaults", "azureml-dataprep[pandas]", "azureml-core==1.0", "six"],
        python_version="3.6.2",
    )

    assert made.conda_packages == ["scikit-learn", "numpy=1.26", "pip"]
    assert made.pip_packages == [
        "azureml-defaults~=1.62.0", "azureml-dataprep[pandas]~=1.62.0", "azureml-core==1.0", "six",
    ]  # fmt: skip
    assert made.get_python_version() == "3.6.2"
    unpinned = CondaDependencies.create(pip_packages=["azureml-sdk"], pin_sdk_version=False)
    assert unpinned.pip_packages == ["azureml-sdk"]
    assert CondaDependencies.create().pip_packages == ["azureml-defaults~=1.62.0"]
    assert CondaDependencies.create(conda_packages="pandas").conda_packages == ["pandas"]


def test_the_text_is_yaml_and_reads_back(tmp_path):
    made = CondaDependencies.create(conda_packages=["pandas"], pip_packages=["six"])

    text = made.serialize_to_string()

    assert yaml.safe_load(text) == made.as_dict()
    assert made.save_to_file(tmp_path, "a.yml") == "a.yml"
    assert CondaDependencies(tmp_path / "a.yml") == made
    assert made.save(tmp_path) == str(tmp_path / "conda_dependencies.yml")
    assert CondaDependencies(conda_dependencies_file_path=made.save()).as_dict() == made.as_dict()
    assert CondaDependencies(_underlying_structure=made.as_dict()) == made


def test_a_package_takes_the_place_of_one_of_its_name():
    made = CondaDependencies()
    for package in ("numpy", "numpy=1.26", "conda-forge::pandas>=2", "python=3.12"):
        made.add_conda_package(package)
    for package in ("Some_Pkg==1", "some-pkg==2", "file:///a/x-1.whl", "file:///a/y-1.whl"):
        made.add_pip_package(package)

    assert made.conda_packages == ["numpy=1.26", "conda-forge::pandas>=2"]
    assert made.python_version == "3.12"
    assert made.pip_packages == [
        "azureml-defaults", "some-pkg==2", "file:///a/x-1.whl", "file:///a/y-1.whl",
    ]  # fmt: skip
    made.remove_conda_package("numpy")
    made.remove_pip_package("some_pkg")
    assert made.conda_packages == ["conda-forge::pandas>=2"]
    assert "some-pkg==2" not in made.pip_packages


def test_channels_and_options_are_added_once_and_removed():
    made = CondaDependencies()
    made.add_channel("pytorch")
    made.add_channel("pytorch")
    made.remove_channel("anaconda")
    made.remove_channel("none")
    made.set_pip_index_url("https://a.example/simple")
    made.set_pip_index_url("--index-url https://b.example/simple")
    made.set_pip_option("--pre")

    assert made.conda_channels == ["conda-forge", "pytorch"]
    assert made.pip_options == ["--pre", "--index-url https://b.example/simple"]
    assert made.pip_packages == ["azureml-defaults"]
    made.remove_pip_option("--index-url")
    assert made.pip_options == ["--pre"]
    made.set_pip_requirements(["six"])
    assert (made.pip_options, made.pip_packages) == ([], ["six"])
    indexed = CondaDependencies.create(pip_indexurl="https://c.example/simple")
    assert indexed.pip_options == ["--index-url https://c.example/simple"]


def test_frameworks_have_their_methods():
    made = CondaDependencies()
    made.add_tensorflow_conda_package("GPU", "2.1")
    made.add_tensorflow_pip_package(version="2.16.1")
    made.add_cntk_package()

    assert made.conda_packages == ["tensorflow-gpu=2.1"]
    assert made.pip_packages[1:] == ["tensorflow==2.16.1", "cntk"]
    with pytest.raises(InvalidRequirementError, match=r"core_type is CPU or GPU, not 'TPU'"):
        made.add_cntk_package("TPU")


def test_bounds_of_one_package_are_merged():
    merged = CondaDependencies.merge_requirements(["a>1", "b[x]", "A<2", "b[y]==3"])

    assert merged == ["a<2,>1", "b[x,y]==3"]


def test_a_file_without_a_pip_section_gets_one_when_it_is_needed():
    made = CondaDependencies(_underlying_structure={"dependencies": ["numpy", {"pip": None}]})
    assert made.pip_packages == []
    assert made.get_python_version() is None
    made.add_pip_package("six")
    bare = CondaDependencies(_underlying_structure={})
    bare.add_pip_package("six")

    assert made.pip_packages == bare.pip_packages == ["six"]


def test_what_is_no_package_is_refused():
    with pytest.raises(InvalidRequirementError, match=r"A package is text such as .*, not 7"):
        CondaDependencies().add_pip_package(7)
    with pytest.raises(InvalidRequirementError, match=r"A conda dependency is a name with a pin"):
        CondaDependencies().add_conda_package("numpy; rm -rf x")
    with pytest.raises(
        InvalidEnvironmentError, match=r"A dependency of the conda file given is a name"
    ):
        CondaDependencies.from_dict({"dependencies": [{"pip": [1]}]})


def test_a_password_of_an_index_is_not_shown():
    made = CondaDependencies()
    made.set_pip_index_url("https://user:hunter22@a.example/simple")

    assert "hunter22" not in repr(made)
    assert "hunter22" in made.serialize_to_string()
