"""A column of a table: its name, its type word, and the zone of its timestamps.

Timestamps are kept in UTC, and shown in the zone of their column.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

COLUMN_TYPES: Final = (
    "string",
    "integer",
    "decimal",
    "boolean",
    "datetime",
    "date",
    "time",
    "binary",
    "list",
    "struct",
)
"""All type words; text can be parsed as the first five."""

READ_TYPES: Final = COLUMN_TYPES[:5]
"""The types that text columns can be cast to."""

_OFFSET: Final = re.compile(r"([+-])(\d\d):?(\d\d)")


class Column(NamedTuple):
    """A column; ``type`` is one of :data:`COLUMN_TYPES`."""

    name: str
    type: str


@cache
def find_zone(name: str) -> tzinfo | None:
    """A zone by its name or offset, such as ``Europe/Paris`` or ``+02:00``; None for an unknown one."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        span = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(-span if offset[1] == "-" else span) if span < timedelta(days=1) else None
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ValueError, KeyError, OSError):  # not a name, unknown, or a folder of names
        return None


def zoned_text(moment: datetime, zone: str) -> str:
    """ISO 8601 with the offset that a timestamp in UTC has in a zone."""
    try:
        return moment.replace(tzinfo=UTC).astimezone(find_zone(zone) or UTC).isoformat()
    except OverflowError:  # at the end of Python's calendar
        return f"{moment.isoformat()}+00:00"


def zoned(text: str, zone: str) -> str:
    """The same for ISO 8601 text; one beyond Python's calendar stays in UTC."""
    try:
        return zoned_text(datetime.fromisoformat(text), zone)
    except ValueError:
        return f"{text}+00:00" if re.match(r"[-+]?\d", text) else text
