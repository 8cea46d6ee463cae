from __future__ import annotations

import pytest

from aml_magics.errors import SectionAttributeError, SubmissionError
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.job.run_configuration_section import (
    DockerConfiguration,
    MpiConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
)
from aml_magics.sdk.job.script_run_config import ScriptRunConfig


class Dataset:
    def __str__(self):
        return "DatasetConsumptionConfig:raw_data"


def test_arguments_are_words_and_everything_else_its_text():
    config = ScriptRunConfig("src", "train.py", ["--rate", 0.1, "--n", 3, "--data", Dataset(), ""])

    assert (config.source_directory, config.script) == ("src", "train.py")
    assert config.arguments[1] == 0.1
    assert config._submission().arguments == (
        "--rate", "0.1", "--n", "3", "--data", "DatasetConsumptionConfig:raw_data", "",
    )  # fmt: skip
    assert repr(ScriptRunConfig("src", "train.py", ["-C", 1])) == (
        "ScriptRunConfig('src', 'train.py -C 1')"
    )


def test_what_is_left_out_comes_from_the_run_configuration():
    kept = RunConfiguration("fit.py", ["--x", 1])
    kept.node_count = 2
    config = ScriptRunConfig("src", run_config=kept)

    assert (config.script, config.arguments) == ("fit.py", ["--x", 1])
    assert config.run_config.node_count == 2
    assert ScriptRunConfig("src").script == "train.py"
    assert ScriptRunConfig().source_directory == "."


def test_the_configuration_that_is_given_stays_as_it_is():
    given = RunConfiguration()
    config = ScriptRunConfig("src", "a.py", run_config=given, environment=Environment("e"))
    config.run_config.node_count = 5

    assert (given.node_count, given.environment.name) == (1, "project")
    assert config.run_config.environment.name == "e"


def test_a_command_takes_the_place_of_a_script():
    joined = "pip list > versions.txt && python train.py"
    assert ScriptRunConfig("src", command=joined).command == ["bash", "-c", joined]
    quoted = ScriptRunConfig("src", command="echo 'a > b; c'")
    assert quoted.command == ["echo", "a > b; c"]
    config = ScriptRunConfig("src", command="python train.py --name 'a b'")

    assert config.script is None
    assert config._submission().command == ("python", "train.py", "--name", "a b")
    assert ScriptRunConfig("src", command=["echo", 1])._submission().command == ("echo", "1")
    assert repr(config) == "ScriptRunConfig('src', 'python train.py --name a b')"


def test_a_command_of_the_run_configuration_is_taken():
    config = ScriptRunConfig("src", run_config=RunConfiguration(command="echo x"))

    assert config._submission().command == ("echo", "x")
    assert config._submission().script is None


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"script": "a.py", "command": "echo"}, "a script with arguments, or a command, not both"),
        ({"arguments": ["x"], "command": "echo"}, "or a command, not both"),
        ({"arguments": "--x 1"}, r"not the text '--x 1'; write \['--x', '1'\]"),
        ({"arguments": "it's"}, '"it\'s" cannot be read .* close its quotes'),
        ({"command": "echo 'x"}, "cannot be read .* close its quotes, or give a list"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(wanted, message):
    with pytest.raises(SubmissionError, match=message):
        ScriptRunConfig("src", **wanted)


class Cluster:
    name = "cpu-cluster"


@pytest.mark.parametrize("target", ["cpu-cluster", Cluster()])
def test_a_target_is_given_by_name_or_object(target):
    config = ScriptRunConfig(
        "src",
        "train.py",
        compute_target=target,
        distributed_job_config=MpiConfiguration(node_count=2),
    )

    assert config.run_config.target == "cpu-cluster"
    wanted = config._submission()
    assert (wanted.target, wanted.nodes) == ("cpu-cluster", 2)


def test_the_local_target_may_be_named():
    assert ScriptRunConfig("src", compute_target="local")._submission().environment is None


def test_an_environment_nobody_registered_has_an_autosave_version():
    environment = Environment("mine")
    environment.python.conda_dependencies = CondaDependencies.create(pip_packages=["six"])
    environment.environment_variables = {"A": "1"}
    wanted = ScriptRunConfig("src", "train.py", environment=environment)._submission()

    assert wanted.environment["name"] == "mine"
    assert wanted.environment["version"].startswith("Autosave_")
    assert wanted.environment["environmentVariables"] == {"A": "1"}
    assert wanted.variables == {}
    assert environment.version is None


def test_variables_alone_need_no_environment():
    config = ScriptRunConfig("src", "train.py")
    config.run_config.environment_variables = {"A": 1}
    wanted = config._submission()

    assert (wanted.environment, wanted.variables) == (None, {"A": "1"})


def test_packages_of_the_run_configuration_are_an_environment():
    kept = RunConfiguration(conda_dependencies=CondaDependencies.create(pip_packages=["six"]))
    wanted = ScriptRunConfig("src", run_config=kept)._submission()

    assert "six" in str(wanted.environment["python"]["condaDependencies"])


def test_how_long_a_run_may_take_is_a_number():
    assert ScriptRunConfig("src", max_run_duration_seconds=60)._submission().max_seconds == 60
    assert ScriptRunConfig("src")._submission().max_seconds is None
    with pytest.raises(SubmissionError, match=r"a number of seconds, not str \('1h'\)"):
        ScriptRunConfig("src", max_run_duration_seconds="1h")._submission()


def test_a_container_and_several_processes_are_recorded():
    mpi, torch, tensorflow = MpiConfiguration(2), PyTorchConfiguration(), TensorflowConfiguration(3)
    config = ScriptRunConfig(
        "src", docker_runtime_config=DockerConfiguration(True), distributed_job_config=mpi
    )

    assert config.run_config.docker.use_docker is True
    assert config._submission().definition["docker"]["useDocker"] is True
    assert config._submission().definition["mpi"]["processCountPerNode"] == 2
    for job, name in ((torch, "pytorch"), (tensorflow, "tensorflow")):
        kept = ScriptRunConfig("src", distributed_job_config=job).run_config
        assert getattr(kept, name) is job


def test_an_environment_by_its_name_alone_is_refused():
    with pytest.raises(SectionAttributeError, match="environment is a Environment, not str"):
        ScriptRunConfig("src", environment="AzureML-Minimal")
