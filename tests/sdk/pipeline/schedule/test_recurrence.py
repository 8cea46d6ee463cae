"""Recurrences and time zones under Azure's names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aml_magics.errors import PipelineError
from aml_magics.records.pipeline.time_zone import ZONES
from aml_magics.sdk.pipeline.schedule.recurrence import ScheduleRecurrence, TimeZone


def test_time_zones_have_azures_names():
    assert len(TimeZone) == len(ZONES)
    assert TimeZone.PacificStandardTime.value == "Pacific Standard Time"
    assert TimeZone.EEuropeStandardTime.value == "E. Europe Standard Time"
    assert TimeZone.CentralStandardTimeMexico.value == "Central Standard Time (Mexico)"
    assert TimeZone.UTC11.value == "UTC-11"
    assert TimeZone.UTC12.value == "UTC+12"


def test_zone_is_a_member_or_a_name():
    for zone in (TimeZone.GMTStandardTime, "GMT Standard Time", "Europe/London"):
        found = ScheduleRecurrence("Day", 1, time_zone=zone)
        assert str(zone if isinstance(zone, str) else zone.value) in repr(found)


def test_start_time_is_a_time_or_its_text():
    text = "2026-01-31T09:00:00"
    for start in (text, datetime.fromisoformat(text)):
        assert "from 2026-01-31 09:00:00" in repr(ScheduleRecurrence("Day", 1, start))


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"time_of_day": "3:30", "hours": [3]}, "either time_of_day or hours and minutes"),
        ({"time_of_day": "half past three"}, "time_of_day is hh:mm"),
        ({"time_of_day": "25:00"}, "hours are whole numbers from 0 to 23"),
        ({"hours": 3}, "hours is a list, such as"),
        ({"week_days": "Monday"}, "week_days is a list, such as"),
        ({"start_time": datetime.now(UTC)}, "start_time is a time without a zone"),
        ({"start_time": 7}, "start_time is a time without a zone"),
    ],
)
def test_recurrence_that_breaks_a_rule_is_refused(wanted, message):
    with pytest.raises(PipelineError, match=message):
        ScheduleRecurrence("Week", 1, **wanted)


def test_validate_looks_at_what_was_changed():
    found = ScheduleRecurrence("Day", 1)
    found.interval = 0
    with pytest.raises(ValueError, match="interval is a whole number"):
        found.validate()
