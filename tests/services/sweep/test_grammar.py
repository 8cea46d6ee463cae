"""Sweeps as they are typed: what is read, what is refused and how that is said, and that nothing is run."""

from __future__ import annotations

import pytest

from aml_magics.errors import SweepError
from aml_magics.records.sweep.sweep import Named
from aml_magics.services.sweep.grammar import (
    read_expression,
    read_policy,
    read_sampler,
    whole_calls,
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("loguniform(-6,-1)", ["loguniform", [-6, -1]]),
        ("choice(2,4,8)", ["choice", [[2, 4, 8]]]),
        ("choice(relu, 'tanh', \"a b\")", ["choice", [["relu", "tanh", "a b"]]]),
        ("choice([1, 2])", ["choice", [[1, 2]]]),
        ("choice([1, 2], [3])", ["choice", [[[1, 2], [3]]]]),
        ("choice(range(1, 4))", ["choice", [[1, 2, 3]]]),
        ("choice(true, False, none, -1.5e-3)", ["choice", [[True, False, None, -0.0015]]]),
        (" uniform(max_value=1, min_value=0) ", ["uniform", [0, 1]]),
        ("quniform(0, 1, q=0.5)", ["quniform", [0, 1, 0.5]]),
        ("randint(+7)", ["randint", [7]]),
    ],
)
def test_expressions_are_read(text, written):
    assert read_expression("lr", text) == written


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unifrm(0, 1)", r"Did you mean 'uniform'"),
        ("uniform(0)", r"uniform of parameter 'lr' got 1 of its 2 values: uniform\(0\)"),
        ("uniform(0, 1, 2)", r"got 3 of its 2 values"),
        ("uniform(0, min_value=1)", r"got 'min_value' twice"),
        ("uniform(0, max_valu=1)", r"no argument 'max_valu'. Did you mean 'max_value'"),
        ("uniform(1, 0)", r"min_value is not above max_value"),
        ("uniform(a, 1)", r"takes finite numbers, not str \('a'\)"),
        ("choice()", r"has no option"),
        ("choice(options=3)", r"one after the other"),
        ("choice(a-b)", r"stands in quotes"),
        ("choice(range(10**9))", r"stands|limit|no number"),
        ("choice(range(100000))", r"100,000 numbers"),
        ("choice(range('a'))", r"whole numbers"),
        ("choice(__import__('os').getcwd())", r"is no number, text"),
        ("choice(*[1])", r"is no number"),
        ("choice(**{})", r"in parentheses"),
        ("choice(", r"in parentheses"),
        ("0.1", r"in parentheses"),
        ("", r"in parentheses"),
        ("a.b(1)", r"in parentheses"),
        ("uniform", r"got 0 of its 2 values"),
        ("choice(\0)", r"in parentheses"),
        ("choice(" + "[" * 900 + "]" * 900 + ")", r"in parentheses|no number"),
        ("choice(" + "-" * 900 + "1)", r"in parentheses|is no number"),
        ("choice(" + "-" * 19_000 + "1)", r"in parentheses|is no number"),
        ("choice(" + "1," * 20_000 + ")", r"parentheses|20,000 is the limit"),
    ],
)
def test_what_cannot_be_read_is_said(text, said):
    with pytest.raises(SweepError, match=said):
        read_expression("lr", text)


def test_policies_are_read():
    assert read_policy("bandit(slack_factor=0.1, evaluation_interval=2)") == Named(
        "bandit", {"slack_factor": 0.1, "evaluation_interval": 2}
    )
    assert read_policy("median_stopping") == Named("median_stopping")
    for text, said in {
        "bandt(slack_factor=1)": "Did you mean 'bandit'",
        "bandit(0.1)": "given by name",
        "bandit(slack=0.1)": "has no setting 'slack'",
        "bandit()": "slack_factor, a ratio",
        "bandit(slack_factor=0.1, evaluation_interval=0)": "whole number from 1",
        "no_termination(a=1)": "It has: none",
    }.items():
        with pytest.raises(SweepError, match=said):
            read_policy(text)


def test_samplers_are_read():
    assert read_sampler("random(seed=7)") == Named("random_sampling", {"seed": 7})
    assert read_sampler("grid") == Named("grid_sampling")
    with pytest.raises(SweepError, match="Did you mean 'bayesian'"):
        read_sampler("bayesain")
    with pytest.raises(SweepError, match="has no setting 'sed'"):
        read_sampler("random(sed=7)")


def test_words_of_one_expression_are_joined():
    line = "--param a=choice(1, 2, 3) b=uniform(0,1) --goal x"
    assert whole_calls(line.split()) == [
        "--param", "a=choice(1, 2, 3)", "b=uniform(0,1)", "--goal", "x",
    ]  # fmt: skip
    assert whole_calls([]) == []
