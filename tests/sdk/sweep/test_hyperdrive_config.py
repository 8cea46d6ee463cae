"""HyperDrive's configuration: Azure's names, and errors before anything is submitted."""

from __future__ import annotations

import pytest

from aml_magics import Experiment, Run
from aml_magics.errors import SweepError
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.sdk.sweep.hyperdrive_config import HyperDriveConfig, PrimaryMetricGoal
from aml_magics.sdk.sweep.parameter_expressions import (
    choice,
    lognormal,
    loguniform,
    normal,
    qlognormal,
    qloguniform,
    qnormal,
    quniform,
    randint,
    uniform,
)
from aml_magics.sdk.sweep.policy import (
    BanditPolicy,
    MedianStoppingPolicy,
    NoTerminationPolicy,
    TruncationSelectionPolicy,
)
from aml_magics.sdk.sweep.sampling import (
    BayesianParameterSampling,
    GridParameterSampling,
    RandomParameterSampling,
)

SCRIPT = ScriptRunConfig(".", script="train.py", arguments=["--base", 1])


def config(**wanted):
    options = {
        "hyperparameter_sampling": RandomParameterSampling({"--rate": uniform(0, 1)}),
        "primary_metric_name": "AUC",
        "primary_metric_goal": PrimaryMetricGoal.MAXIMIZE,
        "max_total_runs": 6,
        "run_config": SCRIPT,
    }
    return HyperDriveConfig(**{**options, **wanted})


def test_expressions_are_written_as_azure_writes_them():
    assert [
        choice(1, 2),
        choice([1, 2]),
        choice(range(3)),
        choice("a"),
        randint(5),
        uniform(0, 1),
        quniform(0, 1, 0.5),
        loguniform(-6, -1),
        qloguniform(0, 5, 2),
        normal(0, 1),
        qnormal(0, 1, 1),
        lognormal(0, 1),
        qlognormal(0, 1, 1),
    ] == [
        ["choice", [[1, 2]]],
        ["choice", [[1, 2]]],
        ["choice", [[0, 1, 2]]],
        ["choice", [["a"]]],
        ["randint", [5]],
        ["uniform", [0, 1]],
        ["quniform", [0, 1, 0.5]],
        ["loguniform", [-6, -1]],
        ["qloguniform", [0, 5, 2]],
        ["normal", [0, 1]],
        ["qnormal", [0, 1, 1]],
        ["lognormal", [0, 1]],
        ["qlognormal", [0, 1, 1]],
    ]


def test_a_bad_expression_is_refused_where_it_is_written():
    with pytest.raises(SweepError, match="uniform: min_value is not above max_value; it got 2, 1"):
        uniform(2, 1)
    with pytest.raises(SweepError, match="choice has no option"):
        choice()


def test_samplings_and_policies_have_azures_properties():
    sampling = GridParameterSampling({"--c": choice(1, 2)})
    bandit = BanditPolicy(evaluation_interval=2, slack_amount=0.1, delay_evaluation=5)
    median, cut = MedianStoppingPolicy(3, 4), TruncationSelectionPolicy(20)

    assert sampling.parameter_space == {"--c": ["choice", [[1, 2]]]}
    assert (bandit.evaluation_interval, bandit.delay_evaluation) == (2, 5)
    assert (bandit.slack_amount, bandit.slack_factor) == (0.1, None)
    assert (median.evaluation_interval, median.delay_evaluation) == (3, 4)
    assert (cut.truncation_percentage, cut.evaluation_interval, cut.delay_evaluation) == (20, 1, 0)
    assert repr(median) == "MedianStoppingPolicy(evaluation_interval=3, delay_evaluation=4)"
    assert repr(sampling) == "GridParameterSampling({'--c': ['choice', [[1, 2]]]})"
    assert NoTerminationPolicy().to_json() == {"name": "DEFAULT"}


def test_it_is_written_with_azures_names():
    written = config(
        policy=BanditPolicy(slack_factor=0.1),
        hyperparameter_sampling=RandomParameterSampling({"--rate": uniform(0, 1)}, {"seed": 1}),
        max_concurrent_runs=4,
    ).to_json()

    assert written == {
        "primary_metric_config": {"name": "AUC", "goal": "maximize"},
        "generator_config": {
            "name": "RANDOM",
            "parameter_space": {"--rate": ["uniform", [0, 1]]},
            "properties": {"seed": 1},
        },
        "policy_config": {
            "name": "BANDIT",
            "properties": {"evaluation_interval": 1, "slack_factor": 0.1, "delay_evaluation": 0},
        },
        "max_total_jobs": 6,
        "max_concurrent_jobs": 4,
        "max_duration_minutes": 10080,
        "resume_from": None,
        "resume_child_runs": None,
        "platform_config": {
            "Definition": {
                "Configuration": {
                    "source_directory": ".",
                    "script": "train.py",
                    "command": [],
                    "arguments": ["--base", "1"],
                }
            }
        },
    }


def test_its_script_is_a_run_config_or_an_estimator():
    by_config, by_estimator = config(), config(run_config=None, estimator=SCRIPT)

    assert (by_config.run_config, by_config.estimator) == (SCRIPT, None)
    assert (by_estimator.run_config, by_estimator.estimator) == (None, SCRIPT)
    assert (by_config.source_directory, by_config.pipeline) == (".", None)
    assert "MAXIMIZE 'AUC', max_total_runs=6" in repr(by_config)


@pytest.mark.parametrize("goal", ["maximize", "MAXIMIZE", PrimaryMetricGoal.MAXIMIZE])
def test_a_goal_may_be_a_text(goal):
    assert config(primary_metric_goal=goal).to_json()["primary_metric_config"]["goal"] == "maximize"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"run_config": None}, "give run_config, a ScriptRunConfig, or estimator, not neither"),
        ({"estimator": SCRIPT}, "not both"),
        ({"run_config": "train.py"}, "run_config is a ScriptRunConfig, not str"),
        ({"pipeline": object()}, "runs a script here, no pipeline"),
        ({"hyperparameter_sampling": {"--x": 1}}, "hyperparameter_sampling is a GridParameter"),
        ({"policy": "bandit"}, "policy is a policy such as BanditPolicy"),
        ({"primary_metric_goal": "up"}, "MAXIMIZE or MINIMIZE, not str"),
        ({"primary_metric_goal": 1}, "MAXIMIZE or MINIMIZE, not int"),
        ({"primary_metric_name": ""}, "primary_metric_name is the name of a metric"),
        ({"max_total_runs": 0}, "max_total_runs is a whole number from 1"),
        ({"max_concurrent_runs": -1}, "max_concurrent_runs is a whole number from 1"),
        ({"resume_from": "HD_1"}, "resume_from is a list of runs, not str"),
        ({"resume_child_runs": [3]}, "resume_child_runs is a list of runs"),
    ],
)
def test_what_could_not_run_is_refused_at_once(wanted, words):
    with pytest.raises(SweepError, match=words):
        config(**wanted)


def test_properties_are_a_dict():
    with pytest.raises(SweepError, match="properties is a dict"):
        RandomParameterSampling({"--x": uniform(0, 1)}, "seed")


def test_it_resumes_from_up_to_five_sweeps(workspace):
    runs = [Experiment(workspace, "e").start_logging() for _ in range(6)]
    learning = BayesianParameterSampling({"--x": uniform(0, 1)})

    with pytest.raises(SweepError, match="up to 5 sweeps, not 6"):
        config(hyperparameter_sampling=learning, resume_from=runs)
    one = config(hyperparameter_sampling=learning, resume_from=runs[0], resume_child_runs=runs)
    assert one.to_json()["resume_from"] == [runs[0].id]
    assert len(one.to_json()["resume_child_runs"]) == 6
    assert all(isinstance(run, Run) for run in runs)
