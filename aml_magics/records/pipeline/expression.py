"""Expressions as values of a schedule's parameters, ``@addDays(trigger().scheduledTime, -1, 'yyyy-MM-dd')``.

The functions are Azure's, and their names are case-sensitive. A text that begins with ``@`` and calls none of them
stays what it is.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, described, did_you_mean
from aml_magics.records.pipeline.date_format import ROUND_TRIP, formatted
from aml_magics.records.pipeline.time_zone import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

_CALL: Final = re.compile(r"\s*([A-Za-z_]\w*)\s*\(\s*")
_FIELD: Final = re.compile(r"\s*\.\s*(\w+)")
_TEXT: Final = re.compile(r"\s*'((?:[^']|'')*)'\s*")
_NUMBER: Final = re.compile(r"\s*([-+]?\d{1,12})\s*")
_DEEPEST: Final = 20
_AMERICAN: Final = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an expression may ask of the run that a schedule starts; times in seconds since the epoch."""

    scheduled: float
    started: float
    run_id: str
    user: str


@dataclass(frozen=True, slots=True)
class _Function:
    """A function: what it takes, where ``?`` may be left out, and what it gives."""

    takes: tuple[str, ...]
    call: Callable[..., Any]

    @property
    def least(self) -> int:
        return sum(not one.endswith("?") for one in self.takes)


def is_expression(value: object) -> bool:
    """Whether a value calls one of the functions, or all but: in the wrong case.

    Raises:
        PipelineError: the name of a function is in the wrong case.
    """
    call = _CALL.match(value, 1) if isinstance(value, str) and value.startswith("@") else None
    if call is None or call[1] in _FUNCTIONS:
        return call is not None
    by_lower = {name.lower(): name for name in _FUNCTIONS}
    if right := by_lower.get(call[1].lower()):
        raise PipelineError(
            f"The expression {value!r:.80} calls {call[1]!r}, and functions are case-sensitive: write {right!r}."
        )
    return False


def evaluated_values(values: Mapping[str, Any], occasion: Occasion) -> dict[str, Any]:
    """Values of parameters with those that are expressions evaluated; raises PipelineError."""
    return {
        name: evaluated(value, occasion) if is_expression(value) else value
        for name, value in values.items()
    }


def evaluated(text: str, occasion: Occasion) -> str | int:
    """The value of an expression.

    Raises:
        PipelineError: it has a mistake; its place or its argument is named.
    """
    try:
        return _Reader(text, occasion).whole()
    except (PipelineError, OverflowError) as error:
        raise PipelineError(
            f"Invalid pipeline parameter expression {text!r:.120}: {error}"
        ) from error


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads an expression and evaluates it on the way; each method gives a value and where the text goes on."""

    text: str
    occasion: Occasion

    def whole(self) -> str | int:
        value, end = self.call(1, 0)
        if self.text[end:].strip():
            raise PipelineError(f"{self.text[end:].strip()!r:.40} follows its end.")
        return value

    def call(self, place: int, depth: int) -> tuple[str | int, int]:
        found = _CALL.match(self.text, place)
        if found is None or depth > _DEEPEST:
            raise PipelineError(self._expected("a function such as utcNow()", place))
        function = _FUNCTIONS.get(found[1])
        if function is None:
            near = did_you_mean(found[1], _FUNCTIONS)
            raise PipelineError(f"there is no function {found[1]!r:.40}.{near}")
        arguments, place = self._arguments(found.end(), depth)
        if not function.least <= len(arguments) <= len(function.takes):
            wanted = ", ".join(function.takes) or "nothing"
            raise PipelineError(
                f"{found[1]} takes {wanted}, and was given {len(arguments)} arguments."
            )
        given = [
            _CONVERTERS[takes.rstrip("?")](one)
            for takes, one in zip(function.takes, arguments, strict=False)
        ]
        value = function.call(self.occasion, *given)
        return self._field(value, place) if isinstance(value, dict) else (value, place)

    def _arguments(self, place: int, depth: int) -> tuple[list[str | int], int]:
        found: list[str | int] = []
        if self.text[place : place + 1] == ")":
            return found, place + 1
        while True:
            value, place = self._argument(place, depth)
            found.append(value)
            place = _after_space(self.text, place)
            mark = self.text[place : place + 1]
            if mark not in (",", ")"):
                raise PipelineError(self._expected("',' or ')'", place))
            place += 1
            if mark == ")":
                return found, place

    def _argument(self, place: int, depth: int) -> tuple[str | int, int]:
        if text := _TEXT.match(self.text, place):
            return text[1].replace("''", "'"), text.end()
        if number := _NUMBER.match(self.text, place):
            return int(number[1]), number.end()
        if self.text[place:].lstrip().startswith("@"):
            raise PipelineError("'@' stands once, at its beginning: functions inside have none.")
        return self.call(place, depth + 1)

    def _field(self, fields: dict[str, str], place: int) -> tuple[str, int]:
        found = _FIELD.match(self.text, place)
        if found is None or found[1] not in fields:
            raise PipelineError(
                f"trigger() is followed by {' or '.join(f'.{one}' for one in fields)}."
            )
        return fields[found[1]], found.end()

    def _expected(self, what: str, place: int) -> str:
        there = self.text[place : place + 20].strip()
        return f"at {place + 1} {what} is expected, not {there or 'its end'!r}."


def _after_space(text: str, place: int) -> int:
    return place + len(text[place:]) - len(text[place:].lstrip())


# -- arguments ----------------------------------------------------------------------------------


def _timestamp(value: object) -> datetime:
    """In UTC, or without a zone where the text has none."""
    found: datetime | None = None
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value.strip())
        except ValueError:
            found = _american(value.strip())
    if found is None:
        raise PipelineError(
            f"a timestamp is a text such as '2026-01-31T09:00:00Z', not {described(value)}."
        )
    return found if found.tzinfo is None else found.astimezone(UTC)


def _american(text: str) -> datetime | None:
    for pattern in _AMERICAN:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 -- the text has no zone
        except ValueError:
            continue
    return None


def _whole(value: object) -> int:
    if isinstance(value, int):
        return value
    raise PipelineError(f"a number of units is a whole number, not {described(value)}.")


def _unit(value: object) -> str:
    if value in _UNITS:
        return str(value)
    raise PipelineError(f"a unit of time is one of {', '.join(_UNITS)}, not {described(value)}.")


def _format(value: object) -> str:
    if isinstance(value, str):
        return value
    raise PipelineError(f"a format is a text such as 'yyyy-MM-dd', not {described(value)}.")


def _zone(value: object) -> ZoneInfo:
    return zone(str(value))


_CONVERTERS: Final[dict[str, Callable[[object], Any]]] = {
    "timestamp": _timestamp,
    "number": _whole,
    "time unit": _unit,
    "time zone": _zone,
    "format": _format,
}


# -- functions ----------------------------------------------------------------------------------

_SECONDS: Final = {"Second": 1, "Minute": 60, "Hour": 3600, "Day": 86_400, "Week": 604_800}
_MONTHS: Final = {"Month": 1, "Year": 12}
_UNITS: Final = (*_SECONDS, *_MONTHS)


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    """A time so many units later; the 31st becomes the last day of a shorter month."""
    if unit in _SECONDS:
        return moment + timedelta(seconds=count * _SECONDS[unit])
    months = moment.year * 12 + moment.month - 1 + count * _MONTHS[unit]
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise PipelineError(f"{count} {unit}s from {moment:%Y-%m-%d} is no year from 1 to 9999.")
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def _add(unit: str) -> _Function:
    def call(_: Occasion, moment: datetime, count: int, pattern: str = ROUND_TRIP) -> str:
        return formatted(_moved(moment, count, unit), pattern)

    return _Function(("timestamp", "number", "format?"), call)


def _shift(sign: int) -> _Function:
    def call(
        _: Occasion, moment: datetime, count: int, unit: str, pattern: str = ROUND_TRIP
    ) -> str:
        return formatted(_moved(moment, sign * count, unit), pattern)

    return _Function(("timestamp", "number", "time unit", "format?"), call)


def _start_of(**fields: int) -> _Function:
    def call(_: Occasion, moment: datetime, pattern: str = ROUND_TRIP) -> str:
        return formatted(moment.replace(microsecond=0, second=0, minute=0, **fields), pattern)  # type: ignore[arg-type]

    return _Function(("timestamp", "format?"), call)


def _number_of(read: Callable[[datetime], int]) -> _Function:
    return _Function(("timestamp",), lambda _, moment: read(moment))


def _in_zone(moment: datetime, source: ZoneInfo, target: ZoneInfo) -> datetime:
    """Wall-clock time of a zone, without one; that of UTC has it."""
    there = moment.replace(tzinfo=source) if moment.tzinfo is None else moment
    return there.astimezone(target).replace(tzinfo=None)


def _from_utc(_: Occasion, moment: datetime, to: ZoneInfo, pattern: str = ROUND_TRIP) -> str:
    return formatted(_in_zone(moment, zone("UTC"), to), pattern)


def _to_utc(_: Occasion, moment: datetime, source: ZoneInfo, pattern: str = ROUND_TRIP) -> str:
    return formatted(_in_zone(moment, source, zone("UTC")).replace(tzinfo=UTC), pattern)


def _between(
    _: Occasion, moment: datetime, source: ZoneInfo, to: ZoneInfo, pattern: str = ROUND_TRIP
) -> str:
    return formatted(_in_zone(moment, source, to), pattern)


def _text_of(seconds: float, pattern: str = ROUND_TRIP) -> str:
    return formatted(datetime.fromtimestamp(seconds, UTC), pattern)


def _trigger(occasion: Occasion) -> dict[str, str]:
    return {
        "scheduledTime": _text_of(occasion.scheduled),
        "startTime": _text_of(occasion.started),
    }


_FUNCTIONS: Final[dict[str, _Function]] = {
    "trigger": _Function((), _trigger),
    "createdBy": _Function((), lambda occasion: occasion.user),
    "runId": _Function((), lambda occasion: occasion.run_id),
    "utcNow": _Function(
        ("format?",),
        lambda occasion, pattern=ROUND_TRIP: _text_of(occasion.started, pattern),
    ),
    "addSeconds": _add("Second"),
    "addMinutes": _add("Minute"),
    "addHours": _add("Hour"),
    "addDays": _add("Day"),
    "addToTime": _shift(1),
    "subtractFromTime": _shift(-1),
    "convertFromUtc": _Function(("timestamp", "time zone", "format?"), _from_utc),
    "convertToUtc": _Function(("timestamp", "time zone", "format?"), _to_utc),
    "convertTimeZone": _Function(("timestamp", "time zone", "time zone", "format?"), _between),
    "dayOfMonth": _number_of(lambda moment: moment.day),
    "dayOfWeek": _number_of(lambda moment: moment.isoweekday() % 7),
    "dayOfYear": _number_of(lambda moment: moment.timetuple().tm_yday),
    "formatDateTime": _Function(
        ("timestamp", "format?"),
        lambda _, moment, pattern=ROUND_TRIP: formatted(moment, pattern),
    ),
    "startOfHour": _start_of(),
    "startOfDay": _start_of(hour=0),
    "startOfMonth": _start_of(hour=0, day=1),
}
