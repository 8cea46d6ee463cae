from __future__ import annotations

from aml_magics.views.text.timestamp import iso, moment_text


def test_a_moment_is_iso_in_utc_to_the_millisecond() -> None:
    assert iso(1_780_000_000.25) == "2026-05-28T20:26:40.250Z"
    assert iso(None) is None


def test_a_moment_for_people_is_to_the_second() -> None:
    assert moment_text("2026-05-28T20:26:40.250Z") == "2026-05-28 20:26:40 UTC"
    assert moment_text(None) == ""
