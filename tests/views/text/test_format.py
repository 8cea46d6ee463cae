from __future__ import annotations

import json
import math

import pytest

from aml_magics.views.text import format as number


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (2**53, "9007199254740992"),
        (-(2**53), "-9007199254740992"),
    ],
)
def test_what_json_or_a_browser_cannot_carry_becomes_text(value: float, said: str) -> None:
    assert number.json_number(value) == said


@pytest.mark.parametrize("value", [0, -3, 0.1, 1e308, 5e-324, 2**53 - 1])
def test_other_numbers_stay_numbers(value: float) -> None:
    assert number.json_number(value) == value


def test_minus_zero_keeps_its_sign() -> None:
    assert math.copysign(1, number.json_number(-0.0)) == -1


def test_a_whole_number_too_long_for_decimal_is_still_said() -> None:
    assert number.json_number(10**5000).startswith("0x")
    assert "digits" in number.number_text(10**5000)


def test_nested_values_are_strict_json() -> None:
    value = {"a": [1, math.nan, {"b": (math.inf, None, True, "x")}], 3: object}
    plain = number.json_value(value)

    assert json.loads(json.dumps(plain, allow_nan=False))["a"] == [
        1,
        "NaN",
        {"b": ["Infinity", None, True, "x"]},
    ]


def test_a_cell_is_one_value_whatever_was_logged() -> None:
    assert number.json_scalar([1, 2]) == "[1, 2]"
    assert number.json_scalar(math.nan) == "NaN"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.94731, "0.9473"),
        (1.2e-05, "1.2e-05"),
        (1234, "1,234"),
        (1234.56, "1,235"),
        (0.5, "0.5"),
        (0, "0"),
        (-0.0, "-0"),
        (1e10, "1e+10"),
        (1e308, "1e+308"),
        (-2.5e-7, "-2.5e-07"),
        (math.nan, "NaN"),
        (True, "True"),
        (None, ""),
        ("text", "text"),
        ([1, math.inf], "[1, 'Infinity']"),
    ],
)
def test_values_are_written_for_people(value: object, text: str) -> None:
    assert number.value_text(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.0123, "12 ms"),
        (1.24, "1.2 s"),
        (59.96, "1 min 00 s"),
        (184, "3 min 04 s"),
        (3600, "1 h 00 min"),
        (7_500, "2 h 05 min"),
        (284_400, "3 d 07 h"),
    ],
)
def test_durations_are_written_for_people(seconds: float | None, text: str) -> None:
    assert number.seconds_text(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1_412, "1.4 kB"), (999_960, "1.0 MB"), (1_412_345, "1.4 MB")],
)
def test_sizes_are_written_for_people(size: int, text: str) -> None:
    assert number.bytes_text(size) == text
