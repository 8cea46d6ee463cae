"""Timestamps in UTC, shown in a zone."""

from __future__ import annotations

from datetime import datetime

import pytest

from aml_magics.records.data.column import find_zone, zoned, zoned_text


@pytest.mark.parametrize(
    ("utc", "zone", "expected"),
    [
        ("2024-03-31T00:30:00", "Europe/Paris", "2024-03-31T01:30:00+01:00"),
        ("2024-03-31T02:30:00", "Europe/Paris", "2024-03-31T04:30:00+02:00"),
        ("2024-10-27T00:30:00", "Europe/Paris", "2024-10-27T02:30:00+02:00"),
        ("2024-10-27T01:30:00.25", "Europe/Paris", "2024-10-27T02:30:00.250000+01:00"),
        ("2024-01-01T00:00:00", "-03:30", "2023-12-31T20:30:00-03:30"),
        ("2024-01-01T00:00:00", "+0200", "2024-01-01T02:00:00+02:00"),
        ("2024-01-01T00:00:00", "UTC", "2024-01-01T00:00:00+00:00"),
        ("290000-01-01T00:00:00", "Europe/Paris", "290000-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59", "Asia/Tokyo", "9999-12-31T23:59:59+00:00"),
        ("infinity", "Europe/Paris", "infinity"),
    ],
)
def test_a_moment_in_utc_is_told_in_its_zone(utc: str, zone: str, expected: str) -> None:
    assert zoned(utc, zone) == expected


@pytest.mark.parametrize(
    "name", ["", "Nowhere/City", "../../etc/passwd", "/etc/passwd", "Europe", "+99:00", "a\0b"]
)
def test_a_zone_that_nobody_knows_is_none_and_its_times_stay_in_utc(name: str) -> None:
    assert find_zone(name) is None
    assert zoned_text(datetime(2024, 1, 1), name) == "2024-01-01T00:00:00+00:00"  # noqa: DTZ001 -- as the engine has it
