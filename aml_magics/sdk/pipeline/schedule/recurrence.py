"""How often a schedule runs, and the zones of its times."""

from __future__ import annotations

import re
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, described
from aml_magics.records.pipeline.recurrence import Recurrence, Trigger
from aml_magics.records.pipeline.time_zone import UTC, ZONES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
    from aml_magics.services.pipeline.schedule import When

POLLING_INTERVAL: Final = 5
_TIME_OF_DAY: Final = re.compile(r"(\d{1,2}):(\d{2})")

TimeZone = Enum(  # type: ignore[misc] # the members follow from the zones
    "TimeZone", {re.sub(r"\W", "", name): name for name in ZONES}, module=__name__
)
"""Time zones by Azure's names, such as ``TimeZone.GMTStandardTime``; which zone each is, ``ZONES`` says."""


class ScheduleRecurrence:
    """How often a schedule runs.

    Args:
        frequency: ``Minute``, ``Hour``, ``Day``, ``Week`` or ``Month``.
        interval: every how many of them.
        start_time: a time without a zone, or ``YYYY-MM-DDThh:mm:ss``. Without one the first run is at once, or at the first
            of the given times of the day or days of the week.
        time_zone: the zone of all times, UTC if None; also a name such as ``Europe/Berlin``.
        hours: of every day or week, 0 to 23.
        minutes: of each of these hours, 0 to 59.
        week_days: of every week, ``Monday`` to ``Sunday``.
        time_of_day: ``hh:mm``, in place of one hour and minute.

    Raises:
        PipelineError: one of them breaks its rule.
    """

    def __init__(
        self,
        frequency: str,
        interval: int,
        start_time: datetime | str | None = None,
        time_zone: TimeZone | str | None = None,
        hours: Iterable[int] | None = None,
        minutes: Iterable[int] | None = None,
        week_days: Iterable[str] | None = None,
        time_of_day: str | None = None,
    ) -> None:
        self.frequency = frequency
        self.interval = interval
        self.start_time = start_time
        self.time_zone = time_zone
        self.hours = _listed("hours", hours)
        self.minutes = _listed("minutes", minutes)
        self.week_days = _listed("week_days", week_days)
        if time_of_day is not None:
            self._set_time_of_day(time_of_day)
        self.validate()

    def validate(self) -> None:
        """Check every field; raises PipelineError, which is a ValueError."""
        self._written().check()

    def _set_time_of_day(self, text: str) -> None:
        if self.hours is not None or self.minutes is not None:
            raise PipelineError(
                "A recurrence has either time_of_day or hours and minutes; give one of them."
            )
        found = _TIME_OF_DAY.fullmatch(str(text))
        if found is None:
            raise PipelineError(f"time_of_day is hh:mm, such as '03:30', not {described(text)}.")
        self.hours, self.minutes = [int(found[1])], [int(found[2])]

    def _written(self) -> Recurrence:
        """The recurrence as it is kept."""
        zone, start = self.time_zone, self.start_time
        if isinstance(start, datetime):
            start = start.isoformat(timespec="seconds")
        return Recurrence(
            frequency=self.frequency,
            interval=self.interval,
            start_time=start,
            time_zone=UTC if zone is None else zone.value if isinstance(zone, Enum) else zone,
            hours=tuple(self.hours or ()),
            minutes=tuple(self.minutes or ()),
            week_days=tuple(self.week_days or ()),
        )

    @classmethod
    def _of(cls, kept: Recurrence) -> ScheduleRecurrence:
        return cls(
            kept.frequency,
            kept.interval,
            kept.start_time,
            TimeZone(kept.time_zone) if kept.time_zone in ZONES else kept.time_zone,
            kept.hours or None,
            kept.minutes or None,
            kept.week_days or None,
        )

    def __repr__(self) -> str:
        return f"ScheduleRecurrence({self._written()})"


def timing(
    recurrence: ScheduleRecurrence | None,
    datastore: AbstractDatastore | str | None,
    polling_interval: int | None,
    parameter: str | None,
    path: str | None,
) -> When:
    """The recurrence or the trigger that the arguments of a schedule mean.

    Raises:
        PipelineError: it is neither, or both.
    """
    if (recurrence is None) is (datastore is None):
        raise PipelineError(
            "A schedule has either recurrence=ScheduleRecurrence(…) or datastore=…; give one of them."
        )
    if recurrence is not None:
        if not isinstance(recurrence, ScheduleRecurrence):
            raise PipelineError(
                f"recurrence is a ScheduleRecurrence(frequency='Day', interval=1), not {described(recurrence)}."
            )
        if parameter is not None or path is not None:
            raise PipelineError(
                "data_path_parameter_name and path_on_datastore are for a schedule with a datastore; leave them out."
            )
        return recurrence._written()
    name = datastore if isinstance(datastore, str) else getattr(datastore, "name", None)
    if not isinstance(name, str):
        raise PipelineError(
            f"datastore is a datastore, such as ws.get_default_datastore(), not {described(datastore)}."
        )
    minutes = POLLING_INTERVAL if polling_interval is None else polling_interval
    return Trigger(name, path or "", minutes, parameter or "")


def _listed(name: str, given: Iterable[Any] | None) -> list[Any] | None:
    if given is None:
        return None
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        raise PipelineError(f"{name} is a list, such as [{given!r:.20}], not {described(given)}.")
    return list(given)


def recurrence_of(written: dict[str, Any]) -> ScheduleRecurrence:
    """The recurrence of a YAML file, whose time zone may be the name of a member of ``TimeZone``.

    Raises:
        PipelineError: a field breaks its rule.
    """
    named = written.get("time_zone")
    zone = TimeZone.__members__.get(str(named), named)
    return ScheduleRecurrence(**{**written, "time_zone": zone})
