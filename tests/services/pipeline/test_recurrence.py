"""Slots of recurrences: on the wall clock, over clock changes, and as other libraries count them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aml_magics.records.pipeline.recurrence import WEEK_DAYS, Recurrence
from aml_magics.services.pipeline.recurrence import Slots, anchor_of

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy with other tests."""

BERLIN = "W. Europe Standard Time"


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def first(recurrence, after, count, anchor=None):
    """The next slots, as UTC times."""
    slots = Slots(recurrence, anchor or anchor_of(recurrence, at(after)))
    found = islice(slots.after(at(after)), count)
    return [f"{datetime.fromtimestamp(one, UTC):%m-%d %H:%M}" for one in found]


def test_minutes_and_hours_are_counted_from_the_anchor():
    assert first(Recurrence("Minute", 15), "2026-01-01T10:03:07", 3) == [
        "01-01 10:18",
        "01-01 10:33",
        "01-01 10:48",
    ]
    every = Recurrence("Hour", 12, "2026-01-01T09:00:00", BERLIN)
    assert first(every, "2026-01-01T10:00:00", 2) == ["01-01 20:00", "01-02 08:00"]


def test_weeks_are_counted_from_the_week_of_the_anchor():
    every = Recurrence("Week", 2, "2026-01-07T00:00:00", "UTC", (3,), (30,), ("Monday", "Friday"))
    assert first(every, "2026-01-01T00:00:00", 4) == [
        "01-09 03:30",  # the Monday of that week is before the anchor
        "01-19 03:30",
        "01-23 03:30",
        "02-02 03:30",
    ]


def test_week_without_days_has_that_of_the_anchor():
    assert first(Recurrence("Week", 1, "2026-01-07T08:15:00"), "2026-01-07T09:00:00", 2) == [
        "01-14 08:15",
        "01-21 08:15",
    ]


def test_month_without_the_day_is_due_on_its_last_and_none_drifts():
    every = Recurrence("Month", 1, "2026-01-31T09:00:00")
    assert first(every, "2026-01-31T09:00:00", 4) == [
        "02-28 09:00",
        "03-31 09:00",
        "04-30 09:00",
        "05-31 09:00",
    ]


def test_hours_and_minutes_are_all_pairs_and_what_is_missing_is_the_anchors():
    both = Recurrence("Day", 1, "2026-01-01T00:00:00", "UTC", (10, 12), (0, 30))
    assert first(both, "2026-01-01T11:00:00", 3) == ["01-01 12:00", "01-01 12:30", "01-02 10:00"]
    hours = Recurrence("Day", 1, "2026-01-01T08:17:00", "UTC", (10,))
    assert first(hours, "2026-01-01T00:00:00", 1) == ["01-01 10:17"]
    whole = Recurrence("Day", 1, hours=(10,))
    assert first(whole, "2026-01-01T08:17:00", 1) == ["01-01 10:00"]
    minutes = Recurrence("Day", 1, minutes=(5,))
    assert first(minutes, "2026-01-01T08:17:00", 1) == ["01-02 08:05"]


def test_time_that_a_clock_change_repeats_is_due_once():
    nightly = Recurrence("Day", 1, "2026-10-24T02:30:00", BERLIN)
    assert first(nightly, "2026-10-24T12:00:00", 2) == ["10-25 00:30", "10-26 01:30"]


def test_time_that_a_clock_change_skips_is_due_an_hour_later():
    nightly = Recurrence("Day", 1, "2026-03-28T02:30:00", BERLIN)
    found = first(nightly, "2026-03-28T12:00:00", 2)
    assert found == ["03-29 01:30", "03-30 00:30"]  # 03:30 and 02:30 in Berlin


def test_two_times_that_a_clock_change_makes_one_are_one_slot():
    nightly = Recurrence("Day", 1, "2026-03-28T00:00:00", BERLIN, (2, 3), (30,))
    assert first(nightly, "2026-03-28T12:00:00", 2) == ["03-29 01:30", "03-30 00:30"]


def test_hours_go_on_through_a_clock_change():
    hourly = Recurrence("Hour", 1, "2026-10-25T00:00:00", BERLIN)
    slots = list(islice(Slots(hourly, "2026-10-25T00:00:00").after(at("2026-10-24T21:59:00")), 6))
    assert {b - a for a, b in pairwise(slots)} == {3600}


def test_zone_that_skipped_a_day_has_one_slot_less():
    daily = Recurrence("Day", 1, "2011-12-28T12:00:00", "Samoa Standard Time")
    slots = list(islice(Slots(daily, "2011-12-28T12:00:00").after(at("2011-12-28T00:00:00")), 5))
    assert slots == sorted(set(slots))


def test_slots_end_with_the_calendar():
    yearly = Recurrence("Month", 16, "9990-01-01T00:00:00")
    assert len(list(Slots(yearly, "9990-01-01T00:00:00").after(at("9990-01-01T00:00:00")))) == 7


recurrences = st.one_of(
    st.builds(Recurrence, st.just("Minute"), st.integers(1, 72_000)),
    st.builds(Recurrence, st.just("Hour"), st.integers(1, 12_000)),
    st.builds(Recurrence, st.just("Month"), st.integers(1, 16)),
    st.builds(
        Recurrence,
        st.just("Day"),
        st.integers(1, 500),
        hours=st.sets(st.integers(0, 23), max_size=3).map(tuple),
        minutes=st.sets(st.integers(0, 59), max_size=3).map(tuple),
    ),
    st.builds(
        Recurrence,
        st.just("Week"),
        st.integers(1, 71),
        hours=st.sets(st.integers(0, 23), max_size=3).map(tuple),
        week_days=st.sets(st.sampled_from(WEEK_DAYS), max_size=3).map(tuple),
    ),
)
anchors = st.integers(0, 7 * 366 * 86400).map(
    lambda seconds: datetime.fromisoformat("2020-01-01") + timedelta(seconds=seconds)
)
zones = st.sampled_from(["UTC", BERLIN, "Lord Howe Standard Time", "Samoa Standard Time"])


@PATIENT
@given(recurrences, anchors, zones, st.integers(-(10**7), 10**8))
def test_backward_and_forward_agree(recurrence, anchor, zone, offset):
    recurrence = Recurrence(**{**recurrence.to_dict(), "time_zone": zone})
    slots = Slots(recurrence, anchor.isoformat())
    instant = anchor.replace(tzinfo=UTC).timestamp() + offset
    following = list(islice(slots.after(instant), 4))
    assert following == sorted(set(following))
    assert len(following) == 4
    assert following[0] > instant
    assert list(islice(slots.until(following[-1]), 4)) == following[::-1]
    before = next(slots.until(instant), None)
    assert before is None or next(slots.after(before)) == following[0]


@PATIENT
@given(recurrences, anchors)
def test_slots_without_clock_changes_are_those_of_dateutil(recurrence, anchor):
    hours, minutes = recurrence.hours, recurrence.minutes
    names = {"Minute": "MINUTELY", "Hour": "HOURLY", "Day": "DAILY", "Week": "WEEKLY"}
    if recurrence.frequency not in names:
        return  # its months without the day are left out, not shortened
    rule = rrule.rrule(
        getattr(rrule, names[recurrence.frequency]),
        interval=recurrence.interval,
        dtstart=anchor,
        count=6,
        byweekday=[WEEK_DAYS.index(day) for day in recurrence.week_days] or None,
        byhour=sorted(hours) or None,
        byminute=sorted(minutes) or None,
        bysecond=0 if hours or minutes else None,
    )
    expected = [int(one.replace(tzinfo=UTC).timestamp()) for one in rule]
    slots = Slots(recurrence, anchor.isoformat())
    start = (anchor - timedelta(seconds=1)).replace(tzinfo=UTC).timestamp()
    assert list(islice(slots.after(start), 6)) == expected


@pytest.mark.parametrize("frequency", ["Minute", "Hour", "Day", "Week", "Month"])
def test_clock_that_is_a_year_ahead_is_answered_at_once(frequency):
    slots = Slots(Recurrence(frequency, 1), "2020-01-01T00:00:00")
    assert next(slots.until(at("2027-01-01T12:00:00"))) > at("2026-12-01T00:00:00") - 1
