"""Each sampler by its definition."""

from __future__ import annotations

import math
import sys
from statistics import mean

import pytest

from aml_magics.errors import DependencyError, SweepError
from aml_magics.kinds.samplers._sobol import MOST_DIMENSIONS, sobol_point
from aml_magics.records.sweep.sweep import EarlierTrial, TrialRecord
from tests.kinds.samplers.test_every_sampler import CHOICES, sampler, sweep

PLANE = {"--x": ["uniform", [0, 1]], "--y": ["uniform", [0, 1]]}
PLANTED = {
    "--x": ["uniform", [-5, 5]],
    "--rate": ["loguniform", [-8, 0]],
    "--kind": ["choice", [["a", "b", "c"]]],
}


def planted(values):
    """Best, 0, at x = 1, a rate of exp(-3) and kind b."""
    miss = (values["--x"] - 1) ** 2 / 10 + (math.log(values["--rate"]) + 3) ** 2 / 10
    return -miss - (values["--kind"] != "b")


def branin(values):
    """Best, 0, at three places."""
    x, y = 15 * values["--x"] - 5, 15 * values["--y"]
    bowl = (y - 5.1 * x**2 / (4 * math.pi**2) + 5 * x / math.pi - 6) ** 2
    return -(bowl + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10 - 0.397887)


def best_of(name, function, space, seed, count=40):
    """The best of a sweep of which one trial runs at a time."""
    one, found = sampler(name, space, seed=seed), []
    for number in range(count):
        values = one.sample(number, found)
        found.append(TrialRecord(number, values, is_done=True, metric=function(values)))
    return max(trial.metric for trial in found)


def test_a_grid_has_every_combination_in_order():
    found = [tuple(trial.values.values()) for trial in sweep(sampler("grid_sampling"), 99)]

    assert found == [(a, b) for a in (1, 2, 3) for b in ("x", "y")]


def test_a_grid_takes_choices_only():
    with pytest.raises(SweepError, match="parameter '--x' is uniform; write choice"):
        sampler("grid_sampling", PLANE)


def test_sobols_points_are_the_known_ones():
    first = [sobol_point(number, 3) for number in range(4)]

    assert first == [[0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75]]


def test_of_256_of_sobols_points_each_coordinate_has_one_in_each_256th():
    points = [sobol_point(number, MOST_DIMENSIONS) for number in range(256)]

    for dimension in range(MOST_DIMENSIONS):
        assert {int(point[dimension] * 256) for point in points} == set(range(256))


def gap(samples):
    """How far the share of points in a corner is from its area, at worst."""
    points = [(one.values["--x"], one.values["--y"]) for one in samples]
    corners = [(i / 8, j / 8) for i in range(1, 9) for j in range(1, 9)]
    return max(
        abs(sum(x < a and y < b for x, y in points) / len(points) - a * b) for a, b in corners
    )


def test_the_rule_sobol_covers_the_space_more_evenly():
    even = sweep(sampler("random_sampling", PLANE, settings={"rule": "sobol"}), 128)

    assert gap(even) < 0.5 * gap(sweep(sampler("random_sampling", PLANE), 128))


def test_the_rule_is_one_of_two_and_has_a_limit():
    with pytest.raises(SweepError, match="rule is one of random, sobol"):
        sampler("random_sampling", PLANE, settings={"rule": "halton"})
    wide = {f"--p{at}": ["uniform", [0, 1]] for at in range(MOST_DIMENSIONS + 1)}
    with pytest.raises(SweepError, match="up to 24 parameters, not 25"):
        sampler("random_sampling", wide, settings={"rule": "sobol"})


@pytest.mark.parametrize(("function", "space"), [(planted, PLANTED), (branin, PLANE)])
def test_bayesian_beats_random_at_equal_trials(function, space):
    bayesian, drawn = (
        mean(best_of(name, function, space, seed) for seed in range(8))
        for name in ("bayesian_sampling", "random_sampling")
    )

    assert bayesian > 0.5 * drawn  # both below 0: at most half of the miss


def test_bayesian_samples_differ_while_trials_run():
    one = sampler("bayesian_sampling", PLANTED)
    before = sweep(one, 20, planted)
    for number in range(20, 24):
        before.append(TrialRecord(number, one.sample(number, before)))

    assert len({trial.shown for trial in before}) == len(before)


def test_bayesian_learns_from_an_earlier_sweep_and_skips_what_is_not_of_its_space():
    earlier = [
        EarlierTrial(f"r{at}", {"--x": x / 10, "--rate": 0.05, "--kind": "b"}, -abs(x / 10 - 1))
        for at, x in enumerate(range(-50, 50, 2))
    ]
    earlier += [EarlierTrial("other", {"--x": 99}, 5.0), EarlierTrial("lost", {}, None)]
    warm = sampler("bayesian_sampling", PLANTED, earlier=earlier)
    found = [warm.sample(number, [])["--x"] for number in range(20)]
    cold = [sampler("bayesian_sampling", PLANTED).sample(number, [])["--x"] for number in range(20)]

    assert mean(abs(x - 1) for x in found) < mean(abs(x - 1) for x in cold)


def test_a_trial_without_a_metric_is_no_reason_to_stop():
    one, before = sampler("bayesian_sampling", CHOICES), []
    for number in range(12):
        before.append(TrialRecord(number, one.sample(number, before), is_done=True))

    assert len(before) == 12


def test_bayesian_names_its_extra_where_optuna_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(DependencyError, match=r'pip install "aml-magics\[sweep\]"'):
        sampler("bayesian_sampling")
