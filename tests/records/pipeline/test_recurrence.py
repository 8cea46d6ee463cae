"""When a schedule runs: checked, and in words."""

from __future__ import annotations

import pytest

from aml_magics.errors import PipelineError
from aml_magics.records.pipeline.recurrence import Recurrence, Trigger, check_start_time


@pytest.mark.parametrize(
    ("recurrence", "text"),
    [
        (Recurrence("Minute", 15), "Every 15 minutes"),
        (Recurrence("Hour", 1), "Every hour"),
        (
            Recurrence("Week", 2, None, "UTC", (3,), (30,), ("Monday", "Friday")),
            "Every 2 weeks on Monday, Friday at 03:30 (UTC)",
        ),
        (Recurrence("Day", 1, hours=(10, 12)), "Every day at 10:xx, 12:xx (UTC)"),
        (Recurrence("Day", 1, minutes=(5,)), "Every day at xx:05 (UTC)"),
        (
            Recurrence("Month", 1, "2026-01-31T09:00:00", "Pacific Standard Time"),
            "Every month from 2026-01-31 09:00:00 (Pacific Standard Time)",
        ),
    ],
)
def test_recurrence_is_said_in_words(recurrence, text):
    recurrence.check()
    assert str(recurrence) == text
    assert Recurrence.of_dict(recurrence.to_dict()) == recurrence


@pytest.mark.parametrize(
    ("recurrence", "message"),
    [
        (Recurrence("Fortnight", 1), "frequency is one of Minute, Hour, Day, Week, Month"),
        (Recurrence("day", 1), "did you mean 'Day'|Did you mean 'Day'"),
        (Recurrence("Day", 0), "from 1 to 500 of a frequency 'Day'"),
        (Recurrence("Month", 17), "from 1 to 16"),
        (Recurrence("Day", True), "interval is a whole number"),
        (Recurrence("Day", 1.5), "interval is a whole number"),
        (Recurrence("Day", 1, hours=(24,)), "hours are whole numbers from 0 to 23"),
        (Recurrence("Day", 1, minutes=("5",)), "minutes are whole numbers from 0 to 59"),
        (Recurrence("Hour", 1, minutes=(5,)), "for frequency 'Day' or 'Week', not 'Hour'"),
        (Recurrence("Day", 1, week_days=("Monday",)), "week_days are for frequency 'Week'"),
        (Recurrence("Week", 1, week_days=("Mon",)), "week_days are of Monday"),
        (Recurrence("Day", 1, "tomorrow"), "start_time is a time without a zone"),
        (Recurrence("Day", 1, "2026-01-01T00:00:00+01:00"), "its zone is time_zone"),
        (Recurrence("Day", 1, time_zone="Middle Earth"), "time_zone is a TimeZone"),
    ],
)
def test_recurrence_that_breaks_a_rule_is_refused(recurrence, message):
    with pytest.raises(PipelineError, match=message):
        recurrence.check()


def test_start_time_has_whole_seconds():
    assert check_start_time("2026-01-01T00:00:00.9").microsecond == 0


def test_trigger_is_said_in_words_and_looks_every_minute_at_most():
    assert str(Trigger("blobs", "in")) == (
        "At changes in 'in' of datastore 'blobs', looked for every 5 minutes"
    )
    assert str(Trigger("blobs", polling_interval=1)) == (
        "At changes in datastore 'blobs', looked for every minute"
    )
    with pytest.raises(PipelineError, match="polling_interval is a whole number of minutes from 1"):
        Trigger("blobs", polling_interval=0).check()
