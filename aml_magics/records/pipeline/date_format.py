"""Times as text by .NET's format strings, which Azure's expressions use; the words are English, of any locale."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from aml_magics.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Callable

ROUND_TRIP: Final = "yyyy-MM-ddTHH:mm:ss.fffffffK"
"""The default: ISO 8601 with ten millionths of a second, and ``Z`` for a time that is known to be UTC."""

_LONG_DATE: Final = "dddd, dd MMMM yyyy"
_STANDARD: Final = {
    "d": "MM/dd/yyyy",
    "D": _LONG_DATE,
    "f": f"{_LONG_DATE} HH:mm",
    "F": f"{_LONG_DATE} HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "m": "MMMM dd",
    "M": "MMMM dd",
    "o": ROUND_TRIP,
    "O": ROUND_TRIP,
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "y": "yyyy MMMM",
    "Y": "yyyy MMMM",
}
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TOKEN: Final = re.compile(
    r"""(?P<field>(?P<letter>[yMdHhmsfFtzK])(?P=letter)*) | '(?P<single>[^']*)' | "(?P<double>[^"]*)" | \\(?P<escaped>.) | (?P<plain>[^'"\\])""",
    re.VERBOSE | re.DOTALL,
)
_FRACTION: Final = 7


def formatted(moment: datetime, pattern: str) -> str:
    """A time as text.

    Args:
        moment: in UTC, or without a zone, for which ``K`` and ``z`` are empty.
        pattern: one standard letter, such as ``s``, or a custom pattern, such as ``yyyy-MM-dd``.

    Raises:
        PipelineError: the pattern is empty, an unknown letter, or has a quote that is never closed.
    """
    if len(pattern) == 1 and pattern in _STANDARD:
        pattern = _STANDARD[pattern]
    elif len(pattern) < 2:
        raise PipelineError(
            f"{pattern!r} is no format of a time: give a pattern such as 'yyyy-MM-dd', or one of {', '.join(_STANDARD)}."
        )
    written, place = [], 0
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        if token is None:
            raise PipelineError(
                f"The format {pattern!r:.80} has a quote or a backslash at {place + 1} that nothing closes."
            )
        written.append(_part(moment, token))
        place = token.end()
    return "".join(written)


def _part(moment: datetime, token: re.Match[str]) -> str:
    field = token["field"]
    if field is not None:
        return _FIELDS[token["letter"]](moment, len(field))
    literals = (token["single"], token["double"], token["escaped"], token["plain"])
    text = next(one for one in literals if one is not None)
    return "" if text == "%" and token["plain"] else text


def _number(value: int, width: int) -> str:
    return f"{value:0{min(width, 2)}}"


def _year(moment: datetime, width: int) -> str:
    return _number(moment.year % 100, width) if width < 3 else f"{moment.year:0{width}}"


def _name(names: tuple[str, ...], index: int, width: int) -> str:
    return names[index][:3] if width == 3 else names[index]


def _month(moment: datetime, width: int) -> str:
    is_number = width < 3
    return _number(moment.month, width) if is_number else _name(_MONTHS, moment.month - 1, width)


def _day(moment: datetime, width: int) -> str:
    is_number = width < 3
    return _number(moment.day, width) if is_number else _name(_DAYS, moment.weekday(), width)


def _fraction(moment: datetime, width: int) -> str:
    return f"{moment.microsecond:06}0"[: min(width, _FRACTION)]


def _half(moment: datetime, width: int) -> str:
    return ("AM" if moment.hour < 12 else "PM")[: min(width, 2)]


def _offset(moment: datetime, width: int) -> str:
    if moment.tzinfo is not UTC:
        return ""
    return ("+0", "+00", "+00:00")[min(width, 3) - 1]


_FIELDS: Final[dict[str, Callable[[datetime, int], str]]] = {
    "y": _year,
    "M": _month,
    "d": _day,
    "H": lambda moment, width: _number(moment.hour, width),
    "h": lambda moment, width: _number(moment.hour % 12 or 12, width),
    "m": lambda moment, width: _number(moment.minute, width),
    "s": lambda moment, width: _number(moment.second, width),
    "f": _fraction,
    "F": lambda moment, width: _fraction(moment, width).rstrip("0"),
    "t": _half,
    "z": _offset,
    "K": lambda moment, width: ("Z" if moment.tzinfo is UTC else "") * width,
}
