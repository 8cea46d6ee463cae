"""The line of ``%%aml_sweep``: what it asks for, and how a wrong one is refused."""

from __future__ import annotations

import pytest

from aml_magics.commands._parser import HelpRequested
from aml_magics.errors import SweepError, UsageError
from aml_magics.magics.arguments import words_of
from aml_magics.magics.completion import candidates
from aml_magics.magics.remote.sweep_options import read_sweep_options
from aml_magics.records.sweep.sweep import Goal, Named

WHOLE = "--param lr=loguniform(-6,-1) --metric acc --goal maximize"


def read(line: str):
    return read_sweep_options(words_of(line, {}))


def test_the_whole_line_is_read():
    options = read(
        "mine --param lr=loguniform(-6,-1) --param depth=choice(2, 4, 8) --metric acc --goal maximize --max-runs 30 "
        "--policy bandit(slack_factor=0.1) --compute cpu --sampler random(seed=7) --concurrent 4 "
        "--experiment e --tag a=b --out best --quiet"
    )
    wanted = options.request
    assert wanted.space == {"lr": ["loguniform", [-6, -1]], "depth": ["choice", [[2, 4, 8]]]}
    assert (wanted.metric, wanted.goal, wanted.most_trials, wanted.at_once) == (
        "acc", Goal.MAXIMIZE, 30, 4,
    )  # fmt: skip
    assert wanted.policy == Named("bandit", {"slack_factor": 0.1})
    assert wanted.sampler == Named("random_sampling", {"seed": 7})
    assert wanted.tags == {"a": "b"}
    assert (options.name, options.experiment, options.compute) == ("mine", "e", "cpu")
    assert (options.out, options.quiet) == ("best", True)


def test_what_is_left_out_has_a_default():
    options = read(WHOLE)
    assert options.request.most_trials == 20
    assert options.request.sampler == Named("random_sampling")
    assert options.request.policy is None
    assert (options.name, options.out, options.quiet) == (None, "sweep", False)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--metric acc --goal maximize", "one parameter or more"),
        ("--param lr=uniform(0,1) --goal maximize", "--metric is missing"),
        ("--param lr=uniform(0,1) --metric acc", "--goal is missing"),
        (f"{WHOLE} --goal most", "'most' is none of its values"),
        (f"{WHOLE} --param 1x=uniform(0,1)", "'1x' cannot be one"),
        (f"{WHOLE} --param class=uniform(0,1)", "'class' cannot be one"),
        (f"{WHOLE} --param run=uniform(0,1)", "is the run in the cell"),
        (f"{WHOLE} --param depth", "NAME=VALUE"),
        (f"{WHOLE} --out a.b", "name of a variable"),
        (f"{WHOLE} --max-runs 0", "no whole number from 1 up"),
        (f"{WHOLE} --max-run 3", "Did you mean '--max-runs'"),
    ],
)
def test_a_wrong_line_is_refused(line, said):
    with pytest.raises(UsageError, match=said):
        read(line)


def test_what_could_not_run_is_refused():
    with pytest.raises(SweepError, match="every combination of choices"):
        read(f"{WHOLE} --sampler grid")
    with pytest.raises(SweepError, match="max_duration_minutes is above 0"):
        read(f"{WHOLE} --max-minutes -1")


def test_help_tells_of_expressions():
    with pytest.raises(HelpRequested) as asked:
        read("--help")
    assert "loguniform(-6, -1)" in asked.value.text
    assert "bandit(slack_factor=0.1" in asked.value.text


def test_the_line_is_completed():
    assert "--param" in candidates("%%aml_sweep", "--")
    assert candidates("%%aml_sweep", "--goal ") == ["maximize", "minimize"]
    assert candidates("%%aml_sweep", "--sampler ") == ["bayesian", "grid", "random"]
    assert "bandit" in candidates("%%aml_sweep", "--policy ")
    assert "lr=loguniform(" in candidates("%%aml_sweep", "--param lr=")
    assert "a=loguniform(" not in candidates("%%aml_sweep", "--param lr=randint(3) --tag a=")
