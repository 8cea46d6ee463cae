"""When a schedule runs: how often, or at changes of data; in the words of Azure."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from aml_magics.errors import PipelineError, described, did_you_mean
from aml_magics.records.pipeline.time_zone import UTC, zone

MOST: Final = {"Minute": 72_000, "Hour": 12_000, "Day": 500, "Week": 71, "Month": 16}
"""The frequencies, and the greatest interval of each: Azure's."""

WEEK_DAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often a schedule runs.

    ``start_time`` is wall-clock time in ``time_zone``, ``2026-01-31T09:00:00``; None is when the schedule was made or
    its recurrence changed. ``hours`` and ``minutes`` are of every Day or Week, ``week_days`` of every Week.
    """

    frequency: str
    interval: int
    start_time: str | None = None
    time_zone: str = UTC
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    week_days: tuple[str, ...] = ()

    @classmethod
    def of_dict(cls, written: dict[str, Any]) -> Recurrence:
        """The recurrence whose fields :meth:`to_dict` gave, and JSON kept."""
        lists = {name: tuple(written[name]) for name in ("hours", "minutes", "week_days")}
        return cls(**{**written, **lists})

    def to_dict(self) -> dict[str, Any]:
        """The recurrence as plain JSON."""
        return asdict(self)

    @property
    def is_timed(self) -> bool:
        """Whether it names times of the day or days of the week."""
        return bool(self.hours or self.minutes or self.week_days)

    def check(self) -> None:
        """Check every field.

        Raises:
            PipelineError: one of them breaks its rule.
        """
        _check_frequency(self.frequency, self.interval)
        if self.start_time is not None:
            check_start_time(self.start_time)
        zone(self.time_zone)
        if self.frequency not in ("Day", "Week") and (self.hours or self.minutes):
            raise PipelineError(
                f"hours, minutes and time_of_day are for frequency 'Day' or 'Week', not {self.frequency!r}; "
                "give a start_time to say when it begins."
            )
        _check_numbers("hours", self.hours, 23)
        _check_numbers("minutes", self.minutes, 59)
        _check_week_days(self.frequency, self.week_days)

    def __str__(self) -> str:
        """``Every 2 weeks on Monday, Friday at 03:30 (Pacific Standard Time)``, for people."""
        unit = self.frequency.lower()
        often = f"Every {unit}" if self.interval == 1 else f"Every {self.interval} {unit}s"
        days = f" on {', '.join(self.week_days)}" if self.week_days else ""
        times = f" at {self._times()}" if self.hours or self.minutes else ""
        start = f" from {self.start_time.replace('T', ' ')}" if self.start_time else ""
        place = "" if self.time_zone == UTC and not (times or start) else f" ({self.time_zone})"
        return f"{often}{days}{times}{start}{place}"

    def _times(self) -> str:
        if not self.hours:
            return ", ".join(f"xx:{minute:02}" for minute in sorted(self.minutes))
        if not self.minutes:
            return ", ".join(f"{hour:02}:xx" for hour in sorted(self.hours))
        times = [(hour, minute) for hour in self.hours for minute in self.minutes]
        return ", ".join(f"{hour:02}:{minute:02}" for hour, minute in sorted(times))


@dataclass(frozen=True, slots=True)
class Trigger:
    """The changes of data at which a schedule runs: files that are added or modified in one folder, not below it.

    ``polling_interval`` is in minutes. ``parameter`` is the pipeline's parameter that gets the file, empty for none.
    """

    datastore: str
    path: str = ""
    polling_interval: int = 5
    parameter: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The trigger as plain JSON."""
        return asdict(self)

    def check(self) -> None:
        """Check the interval.

        Raises:
            PipelineError: it is no whole number from 1.
        """
        minutes = self.polling_interval
        if not _is_whole(minutes, 1):
            raise PipelineError(
                f"polling_interval is a whole number of minutes from 1, not {described(minutes)}."
            )

    def __str__(self) -> str:
        """``At changes in 'in' of datastore 'blobs', every 5 minutes``, for people."""
        place = f"{self.path!r} of " if self.path else ""
        unit = "minute" if self.polling_interval == 1 else f"{self.polling_interval} minutes"
        return f"At changes in {place}datastore {self.datastore!r}, looked for every {unit}"


def check_start_time(text: str) -> datetime:
    """The wall-clock time of ``YYYY-MM-DDThh:mm:ss``.

    Raises:
        PipelineError: it is none, or has a zone of its own.
    """
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is not None:
        raise PipelineError(
            f"start_time is a time without a zone, such as '2026-01-31T09:00:00', not {text!r:.60}; "
            "its zone is time_zone=TimeZone.…"
        )
    return found.replace(microsecond=0)


def _is_whole(value: object, least: int, most: float = math.inf) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _check_frequency(frequency: str, interval: int) -> None:
    if frequency not in MOST:
        raise PipelineError(
            f"frequency is one of {', '.join(MOST)}, not {frequency!r:.60}.{did_you_mean(str(frequency), MOST)}"
        )
    if not _is_whole(interval, 1, MOST[frequency]):
        raise PipelineError(
            f"interval is a whole number from 1 to {MOST[frequency]} of a frequency {frequency!r}, "
            f"not {described(interval)}."
        )


def _check_numbers(name: str, numbers: tuple[int, ...], most: int) -> None:
    for number in numbers:
        if not _is_whole(number, 0, most):
            raise PipelineError(
                f"{name} are whole numbers from 0 to {most}, not {described(number)}."
            )


def _check_week_days(frequency: str, days: tuple[str, ...]) -> None:
    if days and frequency != "Week":
        raise PipelineError(
            f"week_days are for frequency 'Week', not {frequency!r}; give frequency='Week'."
        )
    for day in days:
        if day not in WEEK_DAYS:
            raise PipelineError(
                f"week_days are of {', '.join(WEEK_DAYS)}, not {day!r:.60}.{did_you_mean(str(day), WEEK_DAYS)}"
            )
