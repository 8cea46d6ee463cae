"""A sweep that could not run is refused before it is submitted."""

from __future__ import annotations

import math

import pytest

from aml_magics.errors import AlreadyExistsError, NotFoundError, SweepError
from aml_magics.records.sweep.sweep import Goal, Named
from aml_magics.services.run import run as runs
from aml_magics.services.sweep.request import MOST_AT_ONCE, SweepRequest, make_policy
from tests.services.sweep.in_process import GRID, submit, without_processes

SPACE = {"--x": ["uniform", [0, 1]]}


def request(**wanted):
    options = {"sampler": Named("random_sampling"), "space": SPACE, "metric": "acc"}
    return SweepRequest(**{**options, "goal": Goal.MAXIMIZE, "most_trials": 500, **wanted})


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"metric": " "}, "primary_metric_name is the name of a metric"),
        ({"metric": 3}, "primary_metric_name is the name of a metric"),
        ({"most_trials": 0}, "max_total_runs is a whole number from 1, not int"),
        ({"most_trials": 2.0}, "max_total_runs is a whole number from 1, not float"),
        ({"most_at_once": True}, "max_concurrent_runs is a whole number from 1, not bool"),
        ({"max_minutes": 0}, "max_duration_minutes is above 0, not 0"),
        ({"max_minutes": math.inf}, "max_duration_minutes is above 0, not inf"),
        ({"max_minutes": "1"}, "max_duration_minutes is a number, not str"),
        ({"policy": Named("bandit", {})}, "slack_factor, a ratio, or slack_amount"),
        ({"resume_from": ("r",)}, "and random_sampling learns nothing; use Bayesian"),
        ({"sampler": Named("grid_sampling")}, "parameter '--x' is uniform"),
    ],
)
def test_it_is_refused_with_its_rule(wanted, words):
    with pytest.raises(SweepError, match=words):
        request(**wanted)


def test_an_unknown_policy_is_refused_with_those_there_are():
    with pytest.raises(NotFoundError, match="Did you mean 'bandit'"):
        make_policy(Named("bandti"))


def test_many_trials_go_on_at_once_but_few_of_a_sampler_that_learns(monkeypatch):
    monkeypatch.setenv("AML_MAGICS_SLOTS", "3")

    assert request().at_once == MOST_AT_ONCE
    assert request(most_trials=5).at_once == 5
    assert request(most_at_once=7).at_once == 7
    assert request(sampler=Named("bayesian_sampling")).at_once == 3


def test_it_knows_where_its_space_has_fewer_samples_than_trials_are_asked_for():
    few = {"--x": ["choice", [[1, 2]]], "--y": ["choice", [[3, 4, 5]]]}
    for name in ("grid_sampling", "random_sampling"):
        asked = request(sampler=Named(name), space=few)
        assert (asked.expected, "sweep: 6, as" in asked.shortage) == (6, True)
    resumed = request(space=few, resume_trials=("a", "b"), most_trials=8)
    assert (resumed.expected, resumed.shortage) == (8, "")
    learning = request(sampler=Named("bayesian_sampling"), space=few)
    assert (learning.expected, learning.shortage) == (500, "")
    assert request().shortage == ""


def test_it_resumes_from_sweeps_of_its_own_metric(sqlite_store, tmp_path, monkeypatch):
    without_processes(monkeypatch)
    first = submit(sqlite_store, tmp_path)
    plain = runs.start(sqlite_store, "e")
    learning = {"sampler": Named("bayesian_sampling"), "space": SPACE}
    for wanted, words in (
        ({**learning, "resume_from": (plain.id,)}, "resume_from names sweeps"),
        (
            {**learning, "resume_from": (first.id,), "metric": "loss"},
            "has the primary metric 'acc'",
        ),
        ({"resume_trials": (plain.id,)}, "resume_child_runs names trials of sweeps"),
    ):
        with pytest.raises(SweepError, match=words):
            submit(sqlite_store, tmp_path, **wanted)


def test_an_id_is_taken_once_and_nothing_is_left_of_the_second(sqlite_store, tmp_path, monkeypatch):
    without_processes(monkeypatch)
    record = submit(sqlite_store, tmp_path, run_id="HD_mine")
    files = sorted(path.name for path in (sqlite_store.folder / "jobs").iterdir())

    assert record.id == "HD_mine"
    with pytest.raises(AlreadyExistsError, match="HD_mine"):
        submit(sqlite_store, tmp_path, run_id="HD_mine", **GRID)
    assert files == ["HD_mine.json"]
