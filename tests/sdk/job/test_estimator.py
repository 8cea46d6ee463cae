from __future__ import annotations

import pytest

from aml_magics.errors import SubmissionError
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.job.estimator import Estimator, PyTorch, SKLearn, TensorFlow, script_arguments
from aml_magics.warnings import EstimatorWarning


def made(kind=Estimator, **wanted):
    with pytest.warns(EstimatorWarning, match=f"{kind.__name__} is the older way"):
        return kind(source_directory="src", **{"entry_script": "train.py", **wanted})


def packages(estimator):
    found = estimator._submission().environment["python"]["condaDependencies"]["dependencies"]
    pip = next(one["pip"] for one in found if isinstance(one, dict))
    return [one for one in found if isinstance(one, str)], pip


def test_parameters_become_arguments_and_an_empty_value_a_flag():
    params = {"--rate": 0.1, "--name": "a b", "--fast": "", "--deep": None, "--zero": 0}
    estimator = made(script_params=params)

    assert estimator._submission().arguments == (
        "--rate", "0.1", "--name", "a b", "--fast", "--deep", "--zero", "0",
    )  # fmt: skip
    assert script_arguments({}) == []


def test_without_packages_the_interpreter_that_submits_is_used():
    wanted = made(compute_target="local", use_docker=False)._submission()

    assert (wanted.environment, wanted.script) == (None, "train.py")
    assert wanted.definition["docker"]["useDocker"] is False


def test_packages_are_an_environment():
    estimator = made(conda_packages=["scikit-learn"], pip_packages=["six==1.16"])
    conda, pip = packages(estimator)

    assert "scikit-learn" in conda
    assert "six==1.16" in pip
    assert any(one.startswith("azureml-defaults") for one in pip)
    assert estimator.conda_dependencies is not None


@pytest.mark.parametrize(
    ("kind", "package"), [(SKLearn, "scikit-learn"), (PyTorch, "torch"), (TensorFlow, "tensorflow")]
)
def test_a_framework_brings_its_packages(kind, package):
    _, pip = packages(made(kind, pip_packages=["six"], framework_version="1"))

    assert {package, "six"} <= set(pip)


def test_a_user_who_manages_packages_keeps_the_interpreter():
    wanted = made(SKLearn, user_managed=True, environment_variables={"A": "1"})._submission()

    assert (wanted.environment, wanted.variables) == (None, {"A": "1"})


def test_a_conda_file_or_a_requirements_file_names_the_packages(tmp_path):
    conda = tmp_path / "conda.yml"
    conda.write_text("dependencies:\n- python=3.6.2\n- pip:\n  - six\n")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("six\n")

    for name in ("conda_dependencies_file", "conda_dependencies_file_path"):
        assert packages(made(**{name: str(conda)})) == (["python=3.6.2"], ["six"])
    for name in ("pip_requirements_file", "pip_requirements_file_path"):
        assert "six" in packages(made(**{name: str(requirements)}))[1]


def test_an_environment_that_is_given_is_used_and_stays_as_it_is():
    environment = Environment("mine")
    environment.environment_variables = {"A": "1"}
    estimator = made(
        SKLearn,
        environment_definition=environment,
        environment_variables={"B": "2"},
        max_run_duration_seconds=60,
    )
    wanted = estimator._submission()

    assert wanted.environment["name"] == "mine"
    assert wanted.environment["environmentVariables"] == {"A": "1", "B": "2"}
    assert environment.environment_variables == {"A": "1"}
    assert wanted.max_seconds == 60


def test_what_has_no_meaning_on_one_machine_is_accepted():
    estimator = made(vm_size="STANDARD_NC6", use_gpu=True, shm_size="2g", inputs=[])

    assert estimator._submission().distribution is None


def test_an_estimator_without_a_script_or_with_packages_twice_is_refused():
    with pytest.raises(SubmissionError, match="entry_script names the script of an estimator"):
        Estimator(source_directory="src")
    with pytest.raises(SubmissionError, match="belong into the environment_definition"):
        Estimator(
            source_directory="src",
            entry_script="train.py",
            environment_definition=Environment("e"),
            pip_packages=["six"],
        )


def test_an_estimator_is_submitted_as_a_script_is(scripts, source):
    folder = source("import sys, os; print(sys.argv[1:], os.environ['A'])")
    with pytest.warns(EstimatorWarning):
        estimator = SKLearn(
            source_directory=folder,
            entry_script="train.py",
            script_params={"--reg_rate": 0.1},
            compute_target="local",
            user_managed=True,
            environment_variables={"A": 1},
        )
    run = scripts.submit(config=estimator, tags={"kind": "sklearn"})
    details = run.wait_for_completion()

    assert details["runDefinition"]["arguments"] == ["--reg_rate", "0.1"]
    assert run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"] == (
        "['--reg_rate', '0.1'] 1\n"
    )
    assert run.tags == {"kind": "sklearn"}


@pytest.mark.parametrize("params", [["--rate", "1"], "--rate 1"])
def test_parameters_without_names_are_refused(params):
    with (
        pytest.warns(EstimatorWarning),
        pytest.raises(SubmissionError, match="script_params is a dict such as"),
    ):
        Estimator(".", entry_script="x.py", script_params=params)
