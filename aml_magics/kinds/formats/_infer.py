"""Type inference of a column from sample texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from aml_magics.kinds._type import ZONED
from aml_magics.records.data.column import find_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_INTEGER: Final = re.compile(r"[-+]?\d+", re.ASCII)
_DECIMAL: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_CLOCK: Final = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
_ISO: Final = re.compile(r"\d{4}([-/])\d{1,2}\1\d{1,2}" + _CLOCK + ")?", re.ASCII)
_ISO_ZONE: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}" + _CLOCK + r" ?(?:Z|[-+]\d{2}(?::?\d{2})?))", re.ASCII
)
_OFFSET: Final = re.compile(r":\d{2}(?:\.\d+)? ?(?:Z|([-+]\d{2}):?(\d{2})?)$", re.ASCII)
_DAY_OR_MONTH: Final = re.compile(
    r"(\d{1,2})([-/.])(\d{1,2})\2\d{4}(?: \d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?)?", re.ASCII
)
_NO_NUMBER: Final = frozenset({"nan", "inf", "-inf", "+inf", "infinity", "-infinity"})


class InferredType(NamedTuple):
    """A type word and timestamp formats; no formats mean ISO 8601. ``zone`` is that of timestamps with an offset."""

    type: str
    formats: tuple[str, ...] = ()
    zone: str = ""


def inferred(values: Iterable[str]) -> InferredType:
    """The type that fits all values; text if none does, or without values."""
    texts = {value.strip() for value in values if value}
    texts.discard("")
    if not texts:
        return InferredType("string")
    for type_, is_of in _TYPES.items():
        if all(map(is_of, texts)):
            return InferredType(type_) if _has_number(type_, texts) else InferredType("string")
    return _timestamp(texts)


def _is_integer(text: str) -> bool:
    return bool(_INTEGER.fullmatch(text)) and -(2**63) <= _number(text) < 2**63


def _number(text: str) -> int:
    # Longer texts fit no integer, and are slow to parse.
    return int(text) if len(text) < 25 else 2**64


def _is_decimal(text: str) -> bool:
    if text.lower() in _NO_NUMBER:
        return True
    # An integer beyond 64 bits would lose its last digits.
    return bool(_DECIMAL.fullmatch(text)) and (not _INTEGER.fullmatch(text) or _is_integer(text))


def _is_boolean(text: str) -> bool:
    return text.lower() in ("true", "false")


def _has_number(type_: str, texts: set[str]) -> bool:
    return type_ != "decimal" or any(text.lower() not in _NO_NUMBER for text in texts)


_TYPES: Final[dict[str, Callable[[str], bool]]] = {
    "boolean": _is_boolean,
    "integer": _is_integer,
    "decimal": _is_decimal,
}


def _timestamp(texts: set[str]) -> InferredType:
    if all(map(_ISO.fullmatch, texts)):
        return InferredType("datetime")
    if all(_ISO.fullmatch(text) or _ISO_ZONE.fullmatch(text) for text in texts):
        return InferredType("datetime", (ZONED,), _zone(texts))
    found = [_DAY_OR_MONTH.fullmatch(text) for text in texts]
    matches = [match for match in found if match]
    marks = {match[2] for match in matches}
    if len(matches) < len(found) or len(marks) > 1:
        return InferredType("string")
    firsts, seconds = ({int(match[place]) for match in matches} for place in (1, 3))
    is_day_first = marks == {"."} or max(firsts) > 12
    if max(firsts | seconds) > 31 or max(seconds if is_day_first else firsts) > 12:
        return InferredType("string")
    return InferredType("datetime", _forms(marks.pop(), matches, is_day_first=is_day_first))


def _zone(texts: set[str]) -> str:
    """The offset that all texts have; UTC if they have several, or one has none."""
    found = {match and (match[1] or "Z", match[2] or "00") for match in map(_OFFSET.search, texts)}
    hours, minutes = (len(found) == 1 and found.pop()) or ("Z", "00")
    offset = f"{hours}:{minutes}"
    is_utc = hours in ("Z", "+00", "-00") and minutes == "00"
    return "UTC" if is_utc or find_zone(offset) is None else offset


def _forms(mark: str, matches: list[re.Match[str]], *, is_day_first: bool) -> tuple[str, ...]:
    date = mark.join(("%d", "%m", "%Y") if is_day_first else ("%m", "%d", "%Y"))
    clocks = {""}
    for match in matches:
        if " " in match[0]:
            hours = "%I:%M" if match[5] else "%H:%M"
            half = match[5].replace(match[5].strip(), "%p") if match[5] else ""
            clocks.add(f" {hours}{':%S' if match[4] else ''}{half}")
    return tuple(date + clock for clock in sorted(clocks))
