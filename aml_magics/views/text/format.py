"""Numbers, for JSON and for people."""

from __future__ import annotations

import math
from typing import Final

JsonScalar = float | int | str | bool | None
JsonValue = JsonScalar | list["JsonValue"] | dict[str, "JsonValue"]

LARGEST_EXACT: Final = 2**53 - 1
"""The largest whole number that JavaScript's numbers tell from its neighbours."""

_PRINTABLE_BITS: Final = 4_000
"""Python refuses to write a whole number of over 4,300 digits in decimal; well before that, hex."""

_SMALL: Final = 1e-4
_THOUSAND: Final = 1_000
_LARGE: Final = 1e10
_MANY_DIGITS: Final = 24
_MINUTE: Final = 59.95  # from here on one decimal would read 60.0 s
_NEXT_UNIT: Final = 999.95  # and here 1000.0 kB
_DURATIONS: Final = (
    (86_400, "d", 3_600, "h"),
    (3_600, "h", 60, "min"),
    (60, "min", 1, "s"),
)
_SIZES: Final = ("B", "kB", "MB", "GB", "TB", "PB")


def json_number(value: float) -> float | int | str:
    """A number as strict JSON and a browser can carry it.

    Returns:
        The number itself; ``"NaN"``, ``"Infinity"`` or ``"-Infinity"`` for floats that JSON cannot
        say; the digits as text for whole numbers beyond 2**53, which a browser would round.
    """
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_EXACT else _digits(value)
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def json_value(value: object) -> JsonValue:
    """Any value as strict JSON: numbers by :func:`json_number`, unknown objects by ``str``."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return json_number(value)
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    return str(value)


def json_scalar(value: object) -> JsonScalar:
    """Like :func:`json_value`, with lists and mappings as their text."""
    plain = json_value(value)
    return str(plain) if isinstance(plain, list | dict) else plain


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


def seconds_text(seconds: float | None) -> str:
    """A duration for people: 12 ms, 1.2 s, 3 min 04 s, 2 h 05 min, 3 d 07 h."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    if seconds < 1:
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
    """A count with its noun: 1 run, 1,234 runs."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _digits(value: int) -> str:
    return str(value) if value.bit_length() <= _PRINTABLE_BITS else hex(value)
