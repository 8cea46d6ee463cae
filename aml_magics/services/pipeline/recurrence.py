"""The slots of a recurrence: the instants at which its schedule is due.

A pure function of the recurrence and its anchor, in both directions of time, so that what is due can be asked
at any moment, by any process, however the clock has moved.

Days, weeks and months are counted on the wall clock of the zone, minutes and hours in elapsed time. A wall-clock time
that a clock change repeats is due at the first of both, one that it skips as much later as the clock is moved. A
month without the day of the anchor is due on its last day; each is counted from the anchor, so none drifts.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from aml_magics.records.pipeline.recurrence import WEEK_DAYS
from aml_magics.records.pipeline.time_zone import zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from aml_magics.records.pipeline.recurrence import Recurrence

_SECONDS: Final = {"Minute": 60, "Hour": 3600}
_MARGIN: Final = 2
"""Periods looked at around the one that is estimated: a zone may skip a whole day."""


def anchor_of(recurrence: Recurrence, now: float) -> str:
    """The wall-clock time from which its slots are counted: its ``start_time``, else now, to the second.

    Where hours are given and no minutes, without a ``start_time``, they are whole hours.
    """
    if recurrence.start_time is not None:
        return recurrence.start_time
    local = datetime.fromtimestamp(int(now), zone(recurrence.time_zone)).replace(tzinfo=None)
    if recurrence.is_timed:
        local = local.replace(second=0)
    if recurrence.hours and not recurrence.minutes:
        local = local.replace(minute=0)
    return local.isoformat()


@dataclass(frozen=True)
class Slots:
    """The slots of a recurrence, as seconds since the epoch.

    Args:
        anchor: what :func:`anchor_of` gave.
    """

    recurrence: Recurrence
    anchor: str

    def after(self, instant: float) -> Iterator[int]:
        """The slots later than an instant, in order; ends with the calendar, in the year 9999."""
        period = max(0, self._period(instant) - _MARGIN)
        try:
            while True:
                yield from (slot for slot in self._of_period(period) if slot > instant)
                period += 1
        except (OverflowError, ValueError):
            return

    def until(self, instant: float) -> Iterator[int]:
        """The slots up to an instant and with it, the latest first."""
        for period in range(self._period(instant) + _MARGIN, -1, -1):
            yield from (slot for slot in reversed(self._of_period(period)) if slot <= instant)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return zone(self.recurrence.time_zone)

    @cached_property
    def _local(self) -> datetime:
        return datetime.fromisoformat(self.anchor)

    @cached_property
    def _first(self) -> int:
        return self._instant(self._local)

    def _instant(self, local: datetime) -> int:
        """The instant of a wall-clock time: the first one that it is, or would have been."""
        return int(local.replace(tzinfo=self._zone, fold=0).timestamp())

    def _is_skipped(self, day: date) -> bool:
        """Whether a zone has no such day, as it moved over the date line."""
        noon = datetime.combine(day, time(12))
        return datetime.fromtimestamp(self._instant(noon), self._zone).date() != day

    def _period(self, instant: float) -> int:
        """The number of the period that holds an instant, or a neighbour of it."""
        frequency, interval = self.recurrence.frequency, self.recurrence.interval
        if frequency in _SECONDS:
            return int((instant - self._first) // (_SECONDS[frequency] * interval))
        # in UTC the day may be another by one, which the margin holds
        day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)).date()
        first = self._local.date()
        if frequency == "Month":
            return ((day.year - first.year) * 12 + day.month - first.month) // interval
        return (day - first).days // (interval * (7 if frequency == "Week" else 1))

    def _of_period(self, period: int) -> list[int]:
        """The slots of a period, in order."""
        frequency, interval = self.recurrence.frequency, self.recurrence.interval
        if frequency in _SECONDS:
            return [self._first + period * interval * _SECONDS[frequency]]
        found = {
            self._instant(datetime.combine(day, at))
            for day in self._days(period)
            if not self._is_skipped(day)
            for at in self._times
        }
        return sorted(slot for slot in found if slot >= self._first)

    def _days(self, period: int) -> list[date]:
        first, count = self._local.date(), period * self.recurrence.interval
        if self.recurrence.frequency == "Day":
            return [first + timedelta(days=count)]
        if self.recurrence.frequency == "Week":
            monday = first - timedelta(days=first.weekday()) + timedelta(weeks=count)
            wanted = [WEEK_DAYS.index(one) for one in self.recurrence.week_days]
            return [monday + timedelta(days=one) for one in wanted or [first.weekday()]]
        year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return [date(year, month + 1, min(first.day, last))]

    @cached_property
    def _times(self) -> list[time]:
        """The times of the day; what is not given is that of the anchor."""
        at = self._local.time()
        if not self.recurrence.hours and not self.recurrence.minutes:
            return [at]
        hours = self.recurrence.hours or (at.hour,)
        minutes = self.recurrence.minutes or (at.minute,)
        return [time(hour, minute) for hour in hours for minute in minutes]
