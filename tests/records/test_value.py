"""What users pass becomes plain values, or is refused with a reason."""

from __future__ import annotations

import decimal
import enum
import fractions
import math

import numpy as np
import pandas as pd
import pytest

from aml_magics.errors import InvalidArgumentError, InvalidMetricError, InvalidNameError
from aml_magics.records.name import PARAMETER, TAG
from aml_magics.records.value import (
    as_scalar,
    check_list,
    check_metric_value,
    check_table,
    plain_fields,
    plain_text,
)


class Tensor:
    """As torch's: it has a shape, ``item``, and ``__iter__`` even without axes."""

    def __init__(self, *values):
        self.values = values
        self.shape = () if len(values) == 1 else (len(values),)

    def item(self):
        return self.values[0]

    def __iter__(self):
        if self.shape == ():
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.values)


class Level(enum.IntEnum):
    LOW = 1


class Name(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (1.5, 1.5),
        (True, True),
        (None, None),
        ("text", "text"),
        (10**30, 10**30),
        (np.float32(0.5), 0.5),
        (np.float64(0.1), 0.1),
        (np.longdouble(0.5), 0.5),
        (np.int64(3), 3),
        (np.uint8(200), 200),
        (np.bool_(True), True),
        (np.str_("s"), "s"),
        (np.array(2.5), 2.5),
        (Tensor(0.25), 0.25),
        (Level.LOW, 1),
        (Name("n"), "n"),
        (decimal.Decimal("0.1"), 0.1),
        (decimal.Decimal("1e400"), math.inf),
        (fractions.Fraction(1, 4), 0.25),
        (1 + 2j, "(1+2j)"),
        (b"raw", "b'raw'"),
        (pd.NA, "<NA>"),
    ],
)
def test_scalars_become_plain(given, kept):
    found = as_scalar(given)
    assert found == kept
    assert type(found) is type(kept)
    assert check_metric_value("x", given) == kept


def test_nan_stays_nan():
    for nan in (float("nan"), np.float32("nan"), decimal.Decimal("nan")):
        assert math.isnan(as_scalar(nan))
    assert math.copysign(1, as_scalar(np.float64(-0.0))) == -1


@pytest.mark.parametrize(
    "many",
    [[1], (1,), {1}, {"a": 1}, range(3), iter([1]), np.ones(1), np.ones((2, 2)), Tensor(1, 2)],
)
def test_many_values_are_no_metric(many):
    with pytest.raises(
        InvalidMetricError, match=r"run.log\('x', …\) takes one value, not a \w+; use log_list"
    ):
        check_metric_value("x", many)


def test_lists_take_any_iterable():
    assert check_list("x", (value for value in (1, 2.0, "a", None))) == [1, 2.0, "a", None]
    assert check_list("x", np.array([1, 2], np.int64)) == [1, 2]
    assert check_list("x", pd.Series([0.5])) == [0.5]
    assert check_list("x", Tensor(1, 2)) == [1, 2]
    assert check_list("x", []) == []


@pytest.mark.parametrize("single", ["text", b"bytes", 5, None, np.array(5), Tensor(5)])
def test_one_value_is_no_list(single):
    with pytest.raises(InvalidMetricError, match=r"log_list\('x', …\) takes a list, not \w+; use"):
        check_list("x", single)


@pytest.mark.parametrize("item", [[1], (1,), {"a": 1}, {1}, np.ones(2)])
def test_list_holds_single_values(item):
    with pytest.raises(InvalidMetricError, match=r"Item 1 of list 'x' is a \w+; a list holds"):
        check_list("x", [0, item])


def test_tables_are_columns_of_equal_length():
    assert check_table("t", {"a": [1, 2], 3: ("x", None)}) == {"a": [1, 2], "3": ["x", None]}
    assert check_table("t", {"a": 1, "b": "text"}) == {"a": [1], "b": ["text"]}
    assert check_table("t", {"a": np.array(5), "b": Tensor(6)}) == {"a": [5], "b": [6]}
    frame = pd.DataFrame({"a": [1, 2], "b": [0.5, float("inf")]})
    assert check_table("t", frame) == {"a": [1, 2], "b": [0.5, math.inf]}


@pytest.mark.parametrize("value", [{}, [1, 2], "text", None, pd.DataFrame()])
def test_what_is_no_table_is_refused(value):
    with pytest.raises(InvalidMetricError, match=r"log_table\('t', …\) takes a dict of columns"):
        check_table("t", value)


def test_ragged_table_is_refused():
    with pytest.raises(
        InvalidMetricError,
        match=r"columns of table 't' differ in length \(a: 2, b: 1\); give each the same number",
    ):
        check_table("t", {"a": [1, 2], "b": [1]})


def test_text_is_what_every_database_keeps():
    assert plain_text("a\0b\ud800é") == "ab?é"
    assert plain_text(5) == "5"


def test_tags_are_text_and_parameters_are_not():
    given = {" a ": 1, "b": None, "c": np.float64(0.5), "d": "\0", "e": [1]}
    assert plain_fields(given, PARAMETER) == {"a": 1, "b": None, "c": 0.5, "d": "", "e": "[1]"}
    assert plain_fields(given, TAG) == {"a": "1", "b": None, "c": "0.5", "d": "", "e": "[1]"}
    with pytest.raises(InvalidNameError, match="The name of a tag is empty"):
        plain_fields({"": 1}, TAG)


def test_tags_without_names_are_refused():
    with pytest.raises(
        InvalidArgumentError, match=r"Each tag has a name and a value: .* not str \('x'\)"
    ):
        plain_fields("x", TAG)
