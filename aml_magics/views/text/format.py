"""Numbers, durations, sizes, timestamps and ids for people."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Final

from aml_magics.views.text.encoding import json_number, json_value

_SMALL: Final = 1e-4
_THOUSAND: Final = 1_000
_LARGE: Final = 1e10
_MANY_DIGITS: Final = 24
_SECOND: Final = 0.9995  # rounding would give 1000 ms
_MINUTE: Final = 59.95  # rounding to one decimal would give 60.0 s
_NEXT_UNIT: Final = 999.95  # and here 1000.0 kB
_DURATIONS: Final = (
    (86_400, "d", 3_600, "h"),
    (3_600, "h", 60, "min"),
    (60, "min", 1, "s"),
)
_SIZES: Final = ("B", "kB", "MB", "GB", "TB", "PB")
_ADDRESS: Final = re.compile(r"aml://artifactId/ExperimentRun/dcid\.[^/]+/")
_UUID: Final = re.compile(
    r"((?:OfflineRun_)?[0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)


def number_text(value: float, digits: int = 4) -> str:
    """A number for people, to some significant digits: 0.9473, 1.2e-05, 1,234, NaN."""
    plain = json_number(value)
    if isinstance(plain, str):
        return (
            plain
            if len(plain) <= _MANY_DIGITS
            else f"{plain[:8]}…{plain[-4:]} ({len(plain)} digits)"
        )
    if isinstance(plain, int):
        return f"{plain:,}"
    size = abs(plain)
    if size == 0 or _SMALL <= size < _THOUSAND:
        return f"{plain:.{digits}g}"
    if _THOUSAND <= size < _LARGE:
        return f"{plain:,.0f}"
    mantissa, exponent = f"{plain:.{digits - 1}e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{exponent}"


def value_text(value: object) -> str:
    """Any value for people: numbers by :func:`number_text`, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return number_text(value)
    return str(json_value(value))


def plain_value(value: object) -> str:
    """Like :func:`value_text`, without the separators that a copied number must not have."""
    text = value_text(value)
    return text.replace(",", "") if isinstance(value, int | float) else text


def exact_text(value: object) -> str:
    """A value as it was given: a number with all of its digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value_text(value)
    return str(json_number(value))


def seconds_text(seconds: float | None) -> str:
    """A duration for people: 12 ms, 1.2 s, 3 min 04 s, 2 h 05 min, 3 d 07 h."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    if seconds < _SECOND:
        return f"{seconds * 1_000:.0f} ms"
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    large, name, small, small_name = next(row for row in _DURATIONS if whole >= row[0])
    return f"{whole // large} {name} {whole % large // small:02d} {small_name}"


def bytes_text(size: int) -> str:
    """A number of bytes for people, in decimal units: 512 B, 1.4 kB, 1.4 MB."""
    amount, unit = float(size), 0
    while amount >= _NEXT_UNIT and unit < len(_SIZES) - 1:
        amount, unit = amount / 1_000, unit + 1
    return f"{size:,} B" if unit == 0 else f"{amount:.1f} {_SIZES[unit]}"


def count_text(count: int, noun: str) -> str:
    """A count with its noun: 1 run, 1,234 runs, 2 mini-batches."""
    ending = "" if count == 1 else "es" if noun.endswith("ch") else "s"
    return f"{count:,} {noun}{ending}"


def more_text(count: int, shown: int, noun: str) -> str:
    """The number of items left out: ``… 3 more runs``; empty if none are."""
    return f"… {count_text(count - shown, f'more {noun}')}" if count > shown else ""


def artifact_name(value: str) -> str:
    """The file name of a metric's ``aml://`` address or bare name."""
    return _ADDRESS.sub("", value, count=1) if _ADDRESS.match(value) else value


def short_id(run_id: str) -> str:
    """The first eight characters of a UUID, which find the run; a user-given id in full."""
    found = _UUID.fullmatch(run_id)
    return found[1] if found else run_id


def iso(seconds: float | None) -> str | None:
    """A time in ISO 8601, UTC, to the millisecond: ``2026-01-31T09:05:00.250Z``."""
    if seconds is None:
        return None
    time = datetime.fromtimestamp(seconds, UTC)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def timestamp_text(text: str | None) -> str:
    """A timestamp of :func:`iso` for people, to the second: ``2026-01-31 09:05:00 UTC``."""
    return "" if text is None else f"{text[:10]} {text[11:19]} UTC"
