from __future__ import annotations

import pytest
import yaml

from aml_magics.errors import SectionAttributeError, SubmissionError
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.environment.section import DEFAULT_CPU_IMAGE, DEFAULT_GPU_IMAGE
from aml_magics.sdk.job.run_configuration import RunConfiguration, target_name
from aml_magics.sdk.job.run_configuration_section import DockerConfiguration


def test_a_new_configuration_has_azures_defaults():
    config = RunConfiguration()

    assert (config.script, config.arguments, config.command) == ("train.py", [], [])
    assert (config.framework, config.communicator, config.target) == ("Python", "None", "local")
    assert config.environment.name == "project"
    assert config.environment.docker.base_image == DEFAULT_CPU_IMAGE
    assert "openmpi" in DEFAULT_CPU_IMAGE
    assert "cuda" in DEFAULT_GPU_IMAGE
    assert config.docker.use_docker is False
    assert config.history.directories_to_watch == ["logs"]
    assert config.spark.configuration == {}
    assert config.data_references == {}
    assert config.has_own_environment is False


def test_what_is_given_is_kept():
    packages = CondaDependencies.create(pip_packages=["six"])
    config = RunConfiguration("fit.py", ["--x"], "PySpark", "Mpi", packages)

    assert (config.script, config.arguments) == ("fit.py", ["--x"])
    assert (config.framework, config.communicator) == ("PySpark", "Mpi")
    assert config.environment.python.conda_dependencies is packages
    assert config.has_own_environment is True
    assert RunConfiguration(command="echo").script is None


def test_old_notebooks_set_the_environment_part_by_part():
    config = RunConfiguration()
    config.target = "local"
    config.node_count = 2
    config.auto_prepare_environment = True
    config.environment.docker.enabled = True
    config.environment.docker.base_image = DEFAULT_CPU_IMAGE
    config.environment.python.user_managed_dependencies = True

    assert config.has_own_environment is True
    assert config.auto_prepare_environment is True
    config.environment = Environment("mine")
    assert config.environment.name == "mine"


def test_variables_are_those_of_the_environment():
    config = RunConfiguration()
    config.environment_variables = {"A": "1"}

    assert config.environment.environment_variables == {"A": "1"}
    assert config.has_own_environment is False


def test_two_configurations_share_nothing():
    first, second = RunConfiguration(), RunConfiguration()
    first.environment.docker.enabled = True
    first.arguments.append("x")

    assert second.environment.docker.enabled is False
    assert second.arguments == []


def test_a_misspelt_attribute_is_an_error():
    config = RunConfiguration()
    with pytest.raises(SectionAttributeError, match="Did you mean 'environment'"):
        config.enviroment = Environment("e")
    with pytest.raises(SectionAttributeError, match="docker is a DockerConfiguration, not bool"):
        config.docker = True
    with pytest.raises(AttributeError, match="Did you mean 'use_docker'"):
        config.docker.use_dockr = True


def test_it_is_written_with_azures_names_and_read_back(tmp_path):
    config = RunConfiguration("fit.py", ["--rate", 0.1])
    config.docker = DockerConfiguration(use_docker=True, shm_size="2g")
    config.environment_variables = {"A": "é😀"}
    config.amlcompute.vm_size = "STANDARD_D2"
    config.save(tmp_path, "mine")

    path = tmp_path / ".azureml" / "mine.runconfig"
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert written["arguments"] == ["--rate", "0.1"]
    assert written["docker"] == {
        "useDocker": True, "sharedVolumes": True, "arguments": [], "shmSize": "2g",
    }  # fmt: skip
    assert written["amlCompute"]["vmSize"] == "STANDARD_D2"
    for read in (RunConfiguration.load(tmp_path, "mine"), RunConfiguration.load(path)):
        assert read == config
        assert read.environment_variables == {"A": "é😀"}


def test_a_folder_with_a_dot_in_its_name_is_a_folder(tmp_path):
    folder = tmp_path / "project.v1"
    folder.mkdir()
    RunConfiguration().save(folder)
    RunConfiguration().save(tmp_path / "one.runconfig")

    assert (folder / ".azureml" / "default.runconfig").is_file()
    assert RunConfiguration.load(folder) == RunConfiguration.load(tmp_path / "one.runconfig")


def test_a_file_that_another_version_wrote_keeps_what_is_not_known(tmp_path):
    (tmp_path / "aml_config").mkdir()
    (tmp_path / "aml_config" / "old.runconfig").write_text("script: a.py\nnews: 1\n")
    read = RunConfiguration.load(tmp_path, "old")

    assert (read.script, read.framework) == ("a.py", "Python")
    assert read.to_dict()["news"] == 1


def test_a_configuration_that_is_not_there_says_what_is(tmp_path):
    RunConfiguration().save(tmp_path, "cluster")
    with pytest.raises(
        SubmissionError,
        match=r"no run configuration 'clustr' .* Did you mean 'cluster'\? .* \.azureml/clustr\.runconfig",
    ):
        RunConfiguration.load(tmp_path, "clustr")
    RunConfiguration.delete(tmp_path, "cluster")
    with pytest.raises(SubmissionError, match="no run configuration 'cluster'"):
        RunConfiguration.delete(tmp_path, "cluster")


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"a: [", SubmissionError, "is no readable YAML"),
        (b"\xff\xfe\x00", SubmissionError, "is no readable YAML"),
        (b"- a", SectionAttributeError, "is read from a dict with Azure's names, not from list"),
        (b"!!python/object/apply:os.system ['true']", SubmissionError, "is no readable YAML"),
        (b"#" * 1_000_001, SubmissionError, "is larger than 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, content, error, message):
    path = tmp_path / "bad.runconfig"
    path.write_bytes(content)
    with pytest.raises(error, match=message):
        RunConfiguration.load(path)


def test_a_target_is_known_by_its_name():
    class Cluster:
        name = "cpu"

    assert [target_name(one) for one in (None, "", "local", Cluster())] == [
        "local", "local", "local", "cpu",
    ]  # fmt: skip
    config = RunConfiguration()
    config.target = Cluster()
    assert config.to_dict()["target"] == "cpu"
