"""Reads columns from paths: ``/{country}/{day:yyyy/MM/dd}/sales.csv``."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Final, NamedTuple

from aml_magics.errors import InvalidDataError, InvalidDatasetError

_PIECE: Final = re.compile(r"\{([^{}]*)\}|(\*\*?)|([^{}*]+|[{}])")
_TIMESTAMP: Final = re.compile(r"yyyy|MM|dd|HH|mm|ss|(.)", re.DOTALL)
_FIELDS: Final = {
    "yyyy": "year",
    "MM": "month",
    "dd": "day",
    "HH": "hour",
    "mm": "minute",
    "ss": "second",
}
_EXAMPLE: Final = "write it as in '/{country}/{day:yyyy/MM/dd}/sales.csv'"


class _Reader(NamedTuple):
    pattern: re.Pattern[str]
    timestamps: dict[str, dict[str, str]]
    """By column: the pattern's groups, and which part of the timestamp each is."""

    names: tuple[str, ...]


def partition_columns(partition_format: str) -> tuple[str, ...]:
    """The columns that a partition format reads, in order; empty for an empty format. Raises InvalidDatasetError."""
    return _reader(partition_format).names if partition_format else ()


def partition_values(partition_format: str, path: str) -> dict[str, str | datetime]:
    """The values that a partition format reads from a file's path.

    The format describes the end of the path; ``*`` matches anything within one folder's name. Timestamps have no
    time zone; missing parts are the first month or day, or zero.

    Args:
        partition_format: text with ``{name}`` for a text and ``{name:yyyy/MM/dd/HH/mm/ss}`` for a timestamp.
        path: with ``/``.

    Raises:
        InvalidDatasetError: the format cannot be read.
        InvalidDataError: the path does not match, or holds an invalid timestamp.
    """
    if not partition_format:
        return {}
    reader = _reader(partition_format)
    found = reader.pattern.search("/" + path.lstrip("/"))
    if found is None:
        raise InvalidDataError(
            f"The path {path!r:.200} is not of the partition format {partition_format!r:.200}: "
            "the format describes the end of the path of every file."
        )
    parts = found.groupdict()
    return {
        name: _timestamp(parts, reader.timestamps[name], path)
        if name in reader.timestamps
        else parts[f"c{number}"]
        for number, name in enumerate(reader.names)
    }


def _timestamp(parts: dict[str, str], fields: dict[str, str], path: str) -> datetime:
    numbers = {field: int(parts[group]) for group, field in fields.items()}
    try:
        return datetime(**{"year": 1, "month": 1, "day": 1, **numbers})  # type: ignore[arg-type]  # noqa: DTZ001 -- a path names no zone
    except ValueError as error:
        raise InvalidDataError(f"The path {path!r:.200} holds no timestamp: {error}.") from error


@cache
def _reader(partition_format: str) -> _Reader:
    names: list[str] = []
    timestamps: dict[str, dict[str, str]] = {}
    pattern = ""
    for column, star, text in _PIECE.findall(partition_format):
        if star:
            pattern += ".*" if star == "**" else "[^/]*"
        elif text:
            pattern += _fixed(text, partition_format)
        else:
            name, _, form = column.partition(":")
            _check(name, names, partition_format)
            group = f"c{len(names)}"
            names.append(name)
            if form:
                timestamps[name] = {}
                pattern += _timestamp_pattern(form, group, timestamps[name], partition_format)
            else:
                pattern += f"(?P<{group}>[^/]+)"
    if not names:
        raise InvalidDatasetError(
            f"A partition format names a column in braces, and {partition_format!r:.200} has none; {_EXAMPLE}."
        )
    return _Reader(re.compile(pattern + r"\Z", re.DOTALL), timestamps, tuple(names))


def _fixed(text: str, partition_format: str) -> str:
    if text in ("{", "}"):
        raise InvalidDatasetError(
            f"A partition format has a brace without its other half: {partition_format!r:.200}; {_EXAMPLE}."
        )
    return re.escape(text)


def _check(name: str, names: list[str], partition_format: str) -> None:
    if not name or name in names:
        what = "twice the same name" if name else "a column without a name"
        raise InvalidDatasetError(
            f"A partition format names each column once, and {partition_format!r:.200} has {what}; {_EXAMPLE}."
        )


def _timestamp_pattern(form: str, group: str, fields: dict[str, str], partition_format: str) -> str:
    pattern = ""
    for piece in _TIMESTAMP.finditer(form):
        word = piece.group()
        if piece.group(1) is not None:
            if word.isalpha():
                raise InvalidDatasetError(
                    f"A timestamp in a partition format is made of yyyy, MM, dd, HH, mm and ss, not of {form!r:.60} "
                    f"in {partition_format!r:.200}."
                )
            pattern += re.escape(word)
        elif _FIELDS[word] in fields.values():
            inner = next(inner for inner, field in fields.items() if field == _FIELDS[word])
            pattern += f"(?P={inner})"
        else:
            fields[f"{group}_{word}"] = _FIELDS[word]
            pattern += f"(?P<{group}_{word}>[0-9]{{{len(word)}}})"
    return pattern
