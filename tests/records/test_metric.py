"""Heads and series of metrics."""

from __future__ import annotations

import math

import numpy as np
import pytest

from aml_magics.records.metric import MetricHead, MetricKind, Series, is_finite_number


@pytest.mark.parametrize("value", [0, -0.0, 1e308, -(2**63), 10**300])
def test_number_that_fits_a_double_is_finite(value):
    assert is_finite_number(value)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, True, None, "1", [1], 10**400, np.int64(1)]
)
def test_anything_else_is_not(value):
    assert not is_finite_number(value)


def test_head_gives_the_value_as_it_was_logged():
    def head(last, text=None):
        return MetricHead("x", MetricKind.SCALAR, 1, last, last, last, 0, 0.0, text)

    assert head(0.5).value == 0.5
    assert head(1.0, "1").value == 1
    assert head(None, '"text"').value == "text"
    assert math.isnan(head(None, "NaN").value)


def test_series_gives_plain_values():
    steps, times = np.arange(2), np.zeros(2)
    floats = Series("x", MetricKind.SCALAR, steps, np.array([1.0, 2.0]), times)
    mixed = Series("x", MetricKind.SCALAR, steps, [1, "a"], times)
    assert len(floats) == len(mixed) == 2
    assert [type(value) for value in floats.plain()] == [float, float]
    assert mixed.plain() == [1, "a"]
