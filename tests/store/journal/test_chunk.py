"""Points packed into the catalogue come back bit for bit, or not at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aml_magics.records.metric import MetricKind, Series
from aml_magics.store.journal import chunk

SCALAR = MetricKind.SCALAR
_INT64 = st.integers(-(2**63), 2**63 - 1)
_STEPS = st.one_of(_INT64, st.integers(0, 5))
_TIMES = st.floats(0, 4e9)
_SCALARS = st.one_of(st.floats(), st.integers(), st.text(), st.none(), st.booleans())
_JSON = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def series(values: Any, steps: Any = None, times: Any = None) -> Series:
    count = len(values)
    if steps is None:
        steps = np.arange(count)
    if times is None:
        times = 1.7e9 + np.arange(count) * 1e-3
    return Series("m", SCALAR, np.array(steps, np.int64), values, np.array(times, np.float64))


def again(one: Series) -> Series:
    found = chunk.unpack("m", SCALAR, chunk.pack(one))
    assert found is not None
    return found


def same(first: Any, second: Any) -> bool:
    """Whether values are equal with their types, NaN and the sign of zero too."""
    return repr(first) == repr(second)


@settings(deadline=None)
@given(st.lists(st.floats(width=64), max_size=40))
def test_floats_come_back_bit_for_bit(values: list[float]) -> None:
    found = again(series(np.array(values, np.float64)))

    assert found.values.dtype == np.float64
    assert found.values.tobytes() == np.array(values, np.float64).tobytes()


@settings(deadline=None)
@given(st.lists(st.floats(width=32), max_size=40))
def test_floats_that_fit_32_bits_come_back_bit_for_bit(values: list[float]) -> None:
    found = again(series(np.array(values, np.float64)))

    assert found.values.tobytes() == np.array(values, np.float64).tobytes()


@settings(deadline=None)
@given(st.lists(_INT64, max_size=40))
def test_integers_come_back_as_integers(values: list[int]) -> None:
    found = again(series(np.array(values, np.int64)))

    assert found.values.dtype == np.int64
    assert found.plain() == values


@settings(deadline=None, max_examples=40)
@given(st.lists(_JSON, max_size=10))
def test_json_values_come_back_with_their_types(values: list[Any]) -> None:
    assert same(again(series(values)).plain(), values)


@settings(deadline=None)
@given(st.lists(st.tuples(_STEPS, _TIMES), max_size=40))
def test_steps_come_back_exactly_and_times_to_the_microsecond(
    points: list[tuple[int, float]],
) -> None:
    steps, times = [step for step, _ in points], [time for _, time in points]

    found = again(series(np.zeros(len(points)), steps, times))

    assert found.steps.tolist() == steps
    assert np.allclose(found.times, times, rtol=0, atol=1e-6)


def test_times_do_not_drift_when_a_chunk_is_packed_again_and_again() -> None:
    times = 1.7e9 + np.random.default_rng(1).random(500).cumsum()
    one = series(np.zeros(500), times=times)

    first = again(one)
    for _ in range(50):
        one = again(one)

    assert one.times.tolist() == first.times.tolist()


@pytest.mark.parametrize("times", [[1e9, 0.0], [0.0, 2**32 / 1e6 + 1], [5.0, 4.0]])
def test_a_clock_that_jumped_is_kept(times: list[float]) -> None:
    assert again(series(np.zeros(2), times=times)).times.tolist() == times


def test_a_point_of_a_training_curve_takes_12_bytes_or_fewer() -> None:
    curve = np.random.default_rng(1).random(10_000)

    assert len(chunk.pack(series(curve))) / 10_000 < 12.01
    assert len(chunk.pack(series(curve.astype(np.float32).astype(np.float64)))) / 10_000 < 8.01
    assert len(chunk.pack(series(np.arange(10_000)))) / 10_000 < 12.01


@pytest.mark.parametrize(
    "values", [np.array([1.5, 0.1]), np.array([1, 2]), ["a", {"b": [1]}]], ids=["f", "i", "j"]
)
def test_a_damaged_chunk_is_none(values: Any) -> None:
    packed = chunk.pack(series(values))

    for place in range(len(packed)):
        for flip in (0x01, 0x80):
            damaged = bytearray(packed)
            damaged[place] ^= flip
            assert chunk.unpack("m", SCALAR, bytes(damaged)) is None
    for end in range(len(packed)):
        assert chunk.unpack("m", SCALAR, packed[:end]) is None


@pytest.mark.parametrize(
    ("parts", "joined"),
    [
        ([np.array([1, 2]), np.array([3])], [1, 2, 3]),
        ([np.array([1, 2]), np.array([0.5])], [1.0, 2.0, 0.5]),
        ([np.array([0.5]), ["a", 2**70], np.array([3])], [0.5, "a", 2**70, 3]),
        ([["a"], ["b"]], ["a", "b"]),
        ([np.array([7])], [7]),
    ],
)
def test_parts_join_to_one_series(parts: list[Any], joined: list[Any]) -> None:
    found = chunk.join([series(part, steps=[9] * len(part)) for part in parts])

    assert same(found.plain(), joined)
    assert found.steps.tolist() == [9] * len(joined)
    assert len(found.times) == len(joined)


@given(st.lists(st.lists(_SCALARS, min_size=1, max_size=5), min_size=1, max_size=5))
def test_a_joined_series_packs_like_any_other(parts: list[list[Any]]) -> None:
    joined = chunk.join([series(part) for part in parts])

    assert same(again(joined).plain(), [value for part in parts for value in part])
