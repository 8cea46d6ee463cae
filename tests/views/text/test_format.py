from __future__ import annotations

import json
import math

import pytest

from aml_magics.views.text import encoding
from aml_magics.views.text import format as number
from aml_magics.views.text.format import artifact_name, iso, short_id, timestamp_text


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
    assert encoding.json_number(value) == said


@pytest.mark.parametrize("value", [0, -3, 0.1, 1e308, 5e-324, 2**53 - 1])
def test_other_numbers_stay_numbers(value: float) -> None:
    assert encoding.json_number(value) == value


def test_minus_zero_keeps_its_sign() -> None:
    assert math.copysign(1, encoding.json_number(-0.0)) == -1


def test_a_whole_number_too_long_for_decimal_is_still_said() -> None:
    assert encoding.json_number(10**5000).startswith("0x")
    assert "digits" in number.number_text(10**5000)


def test_nested_values_are_strict_json() -> None:
    value = {"a": [1, math.nan, {"b": (math.inf, None, True, "x")}], 3: object}
    plain = encoding.json_value(value)

    assert json.loads(json.dumps(plain, allow_nan=False))["a"] == [
        1,
        "NaN",
        {"b": ["Infinity", None, True, "x"]},
    ]


def test_a_cell_is_one_value_whatever_was_logged() -> None:
    assert encoding.json_scalar([1, 2]) == "[1, 2]"
    assert encoding.json_scalar(math.nan) == "NaN"


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
    ("value", "plain", "exact"),
    [
        (1_234_567, "1234567", "1234567"),
        (1234.567, "1235", "1234.567"),
        (0.123456789, "0.1235", "0.123456789"),
        (1e-05, "1e-05", "1e-05"),
        (2**53, "9007199254740992", "9007199254740992"),
        (math.inf, "Infinity", "Infinity"),
        (True, "True", "True"),
        (None, "", ""),
        ("1,5", "1,5", "1,5"),
        ([1, 2], "[1, 2]", "[1, 2]"),
    ],
)
def test_what_is_copied_has_no_separators(value: object, plain: str, exact: str) -> None:
    assert (number.plain_value(value), number.exact_text(value)) == (plain, exact)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.0123, "12 ms"),
        (0.9996, "1.0 s"),
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


def test_a_uuid_is_shortened_to_what_finds_it() -> None:
    assert short_id("1f3c9a2b-7d41-4c55-9e02-5a6b7c8d9e0f") == "1f3c9a2b"
    offline = "OfflineRun_1f3c9a2b-7d41-4c55-9e02-5a6b7c8d9e0f"
    assert short_id(offline) == "OfflineRun_1f3c9a2b"


@pytest.mark.parametrize("run_id", ["digits_1780000000_ab12cd34", "x", "1f3c9a2b-7d41"])
def test_an_id_of_the_users_own_stays_whole(run_id: str) -> None:
    assert short_id(run_id) == run_id


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("aml://artifactId/ExperimentRun/dcid.run-1/a/b.png", "a/b.png"),
        ("a/b.png", "a/b.png"),
        ("aml://elsewhere/b.png", "aml://elsewhere/b.png"),
    ],
)
def test_a_metrics_address_names_a_file(value: str, name: str) -> None:
    assert artifact_name(value) == name


def test_a_moment_is_iso_in_utc_to_the_millisecond() -> None:
    assert iso(1_780_000_000.25) == "2026-05-28T20:26:40.250Z"
    assert iso(None) is None


def test_a_moment_for_people_is_to_the_second() -> None:
    assert timestamp_text("2026-05-28T20:26:40.250Z") == "2026-05-28 20:26:40 UTC"
    assert timestamp_text(None) == ""
