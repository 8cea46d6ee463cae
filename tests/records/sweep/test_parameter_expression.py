"""Expressions of parameters give values of Azure's distributions, and refuse what is none."""

from __future__ import annotations

import math
import random
from statistics import NormalDist

import numpy as np
import pytest

from aml_magics.errors import SweepError
from aml_magics.records.sweep.parameter_expression import (
    ARGUMENTS,
    ParameterExpression,
    checked_space,
    option_words,
)

EXAMPLES = {
    "choice": [["a", "b", "c"]],
    "randint": [7],
    "uniform": [-1, 3],
    "quniform": [0, 1, 0.1],
    "loguniform": [-6, -1],
    "qloguniform": [0, 5, 2],
    "normal": [10, 3],
    "qnormal": [10, 3, 0.5],
    "lognormal": [0, 1],
    "qlognormal": [2, 0.5, 1],
}
DRAWS = 4_000


def expression(name, *arguments):
    return ParameterExpression.of("--rate", [name, list(arguments)])


def draws(name, *arguments):
    generator = random.Random(11)
    found = expression(name, *arguments)
    return [found.at(generator.random()) for _ in range(DRAWS)]


def worst_gap(values, share_below):
    """The largest distance of the values' distribution from one: Kolmogorov's and Smirnov's."""
    ordered = sorted(values)
    return max(abs((at + 0.5) / len(ordered) - share_below(x)) for at, x in enumerate(ordered))


def test_there_is_an_example_of_each():
    assert set(EXAMPLES) == set(ARGUMENTS)


@pytest.mark.parametrize(
    ("name", "share_below"),
    [
        ("uniform", lambda x: (x + 1) / 4),
        ("loguniform", lambda x: (math.log(x) + 6) / 5),
        ("normal", NormalDist(10, 3).cdf),
        ("lognormal", lambda x: NormalDist(0, 1).cdf(math.log(x))),
    ],
)
def test_values_are_distributed_as_defined(name, share_below):
    # 1.63 / sqrt(n) is exceeded once in a hundred; the seed is fixed
    assert worst_gap(draws(name, *EXAMPLES[name]), share_below) < 1.63 / math.sqrt(DRAWS)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.startswith("q")])
def test_quantized_values_are_the_nearest_multiples(name):
    *arguments, q = EXAMPLES[name]
    plain, rounded = expression(name[1:], *arguments), expression(name, *arguments, q)
    for at in range(1, 100):
        exact, value = plain.at(at / 100), rounded.at(at / 100)
        assert abs(value - exact) <= q / 2 + 1e-9
        assert value == pytest.approx(round(exact / q) * q)
        assert len(str(value)) <= 6  # no noise of binary fractions
        assert isinstance(value, int) == float(q).is_integer()  # a script may read it as int


def test_options_and_whole_numbers_come_equally_often():
    for found, size in ((draws("choice", ["a", "b", "c"]), 3), (draws("randint", 7), 7)):
        counts = {value: found.count(value) for value in set(found)}
        assert len(counts) == size
        assert all(abs(n - DRAWS / size) < 4 * math.sqrt(DRAWS / size) for n in counts.values())
    assert set(draws("randint", 7)) == set(range(7))


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_share_is_the_inverse_of_at(name):
    one = expression(name, *EXAMPLES[name])
    for at in range(20):
        value = one.at(at / 20)
        share = one.share(value)
        assert share is not None
        assert one.at(min(share, 1 - 1e-9)) == pytest.approx(value) or isinstance(value, str)


@pytest.mark.parametrize(
    ("name", "arguments", "foreign"),
    [
        ("choice", [[1, 2]], 3),
        ("choice", [[1, 2]], True),
        ("randint", [3], 3),
        ("uniform", [0, 1], 2),
        ("uniform", [0, 1], "x"),
        ("loguniform", [0, 1], -1),
    ],
)
def test_a_value_that_it_has_not_has_no_share(name, arguments, foreign):
    assert expression(name, *arguments).share(foreign) is None


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_it_is_written_as_azure_writes_it(name):
    one = expression(name, *EXAMPLES[name])

    assert one.written == [name, EXAMPLES[name]]
    assert ParameterExpression.of("--rate", one.written) == one


def test_numpys_numbers_are_taken_as_pythons():
    found = expression("choice", list(np.linspace(0, 1, 3)))

    assert found.written == ["choice", [[0.0, 0.5, 1.0]]]
    assert expression("uniform", np.float64(0), np.int64(2)).arguments == (0.0, 2)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (
            ["unifrm", [0, 1]],
            r"'unifrm', which is none. Did you mean 'uniform'\? There are: choice",
        ),
        (3, r"int \(3\); give an expression such as choice"),
        (["uniform", [1]], "uniform of parameter '--rate' takes min_value and max_value, and got"),
        (["uniform", [2, 1]], "min_value is not above max_value; it got 2, 1"),
        (["uniform", ["a", 1]], "takes finite numbers, not str"),
        (["uniform", [math.nan, 1]], "takes finite numbers"),
        (["normal", [0, 0]], "sigma is above 0"),
        (["quniform", [0, 1, 0]], "q, the step between values, is above 0"),
        (["randint", [0]], "upper is a whole number above 0"),
        (["randint", [2.5]], "upper is a whole number above 0"),
        (["loguniform", [0, 1e4]], "e to that number is too large"),
        (["choice", [[]]], "has no option"),
        (["choice", [[object()]]], "cannot be given to a script"),
        (["choice", [[math.inf]]], "cannot be given to a script"),
        (["choice", [["a\0b"]]], "NUL character"),
    ],
)
def test_what_is_none_is_refused_with_its_rule(written, words):
    with pytest.raises(SweepError, match=words):
        ParameterExpression.of("--rate", written)


@pytest.mark.parametrize("space", [{}, [], None, {3: ["uniform", [0, 1]]}, {"--": 1}, {"a\0": 1}])
def test_a_space_is_a_dict_of_options(space):
    with pytest.raises(SweepError, match=r"parameter_space is a dict|named as the script's option"):
        checked_space(space)


def test_words_of_a_command_line():
    values = {"--rate": 0.1, "depth": 3, "-v": "x y", "--flag": True, "--sizes": [1, 2]}

    assert option_words(values) == [
        *("--rate", "0.1", "--depth", "3", "-v", "x y", "--flag", "True", "--sizes", "[1, 2]"),
    ]  # fmt: skip
