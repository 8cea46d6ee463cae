"""What every sampler keeps to: a sample depends on the space, the seed, its number and the trials before it."""

from __future__ import annotations

import json

import pytest

from aml_magics.errors import NotFoundError, SweepError
from aml_magics.kinds.samplers._base import SAMPLERS
from aml_magics.records.sweep.parameter_expression import checked_space
from aml_magics.records.sweep.sweep import Goal, TrialRecord

CHOICES = {"--a": ["choice", [[1, 2, 3]]], "--b": ["choice", [["x", "y"]]]}
NUMBERS = {
    "--rate": ["loguniform", [-6, -1]],
    "--depth": ["choice", [[2, 4, 8]]],
    "--n": ["randint", [100]],
    "--q": ["quniform", [0, 1, 0.25]],
    "--z": ["normal", [0, 1]],
}
SPACES = {"grid_sampling": CHOICES, "random_sampling": NUMBERS, "bayesian_sampling": NUMBERS}


def sampler(name, space=None, seed=7, settings=None, earlier=()):
    chosen = checked_space(space or SPACES[name])
    return SAMPLERS.load(name)(chosen, settings or {}, seed, Goal.MAXIMIZE, earlier)


def sweep(one, count, metric=lambda values: float(len(json.dumps(values)))):
    """The trials of a sweep, of which two run at a time."""
    found = []
    for number in range(count):
        values = one.sample(number, found)
        if values is None:
            break
        found.append(TrialRecord(number, values))
        if number >= 2:
            done = found[number - 2]
            found[number - 2] = TrialRecord(
                done.number, done.values, is_done=True, metric=metric(done.values)
            )
    return found


def test_there_is_a_space_for_each():
    assert set(SAMPLERS.names()) == set(SPACES)


@pytest.mark.parametrize("name", list(SPACES))
def test_the_same_seed_draws_the_same_sequence(name):
    assert sweep(sampler(name), 14) == sweep(sampler(name), 14)


@pytest.mark.parametrize("name", list(SPACES))
def test_a_controller_that_is_started_again_goes_on_with_the_same_sequence(name):
    whole = sweep(sampler(name), 14)
    for number in range(3, len(whole)):
        # as they were when this number was drawn: two of them still ran
        before = [
            TrialRecord(one.number, one.values) if one.number >= number - 2 else one
            for one in whole[:number]
        ]
        assert sampler(name).sample(number, before) == whole[number].values


@pytest.mark.parametrize("name", ["random_sampling", "bayesian_sampling"])
def test_another_seed_draws_another_sequence(name):
    assert sweep(sampler(name, seed=1), 5) != sweep(sampler(name, seed=2), 5)
    assert sweep(sampler(name, settings={"seed": 1}), 5) == sweep(sampler(name, seed=1), 5)


@pytest.mark.parametrize("name", list(SPACES))
def test_samples_are_plain_values_of_the_space(name):
    for trial in sweep(sampler(name), 12):
        assert list(trial.values) == list(SPACES[name])
        assert json.loads(json.dumps(trial.values)) == trial.values
        for parameter, expression in checked_space(SPACES[name]).items():
            assert expression.share(trial.values[parameter]) is not None


@pytest.mark.parametrize("name", ["grid_sampling", "random_sampling"])
def test_a_finite_space_is_drawn_without_a_repetition_and_then_exhausted(name):
    found = sweep(sampler(name, CHOICES), 20)

    assert len(found) == sampler(name, CHOICES).size == 6
    assert len({trial.shown for trial in found}) == 6


@pytest.mark.parametrize("name", list(SPACES))
def test_an_unknown_setting_or_a_bad_seed_is_refused(name):
    with pytest.raises(SweepError, match="has no property 'sede'"):
        sampler(name, settings={"sede": 1})
    if "seed" in SAMPLERS.load(name).known_settings:
        with pytest.raises(SweepError, match="seed is a whole number from 0"):
            sampler(name, settings={"seed": -1})


def test_an_unknown_sampler_is_named_with_those_that_exist():
    with pytest.raises(NotFoundError, match="Did you mean 'grid_sampling'"):
        SAMPLERS.load("gird_sampling")
