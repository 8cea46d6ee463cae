"""The beginning of a delimited file: its first rows, the names in its header, how its lines end."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidDataError
from aml_magics.kinds.formats._foreign import foreign

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.kinds.formats._base import InputFile

SAMPLE_BYTES: Final = 262_144
HEADER_BYTES: Final = 16_384
LONGEST_LINE: Final = 67_108_864
MOST_VALUES: Final = 200_000
MOST_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a file begins with.

    Args:
        rows: the first of its rows, the header among them; an empty line is none.
        longest: characters in the longest line that was seen.
        is_mixed: whether lines end in different ways.
    """

    rows: list[list[str]]
    longest: int
    is_mixed: bool


def beginning_of(file: InputFile, size: int, separator: str, encoding: str) -> Beginning:
    """The first rows of a file.

    Args:
        file: the file.
        size: bytes to look at; more where its first line is longer.
        separator: one character.
        encoding: a codec of Python's.

    Raises:
        InvalidDataError: the first line is too long, or is not of the encoding, or the file is no text.
    """
    while True:
        found = file.beginning(size)
        if what := foreign(found):
            raise InvalidDataError(f"{file.name!r:.300} is {what}.")
        is_whole = len(found) < size
        text = _decoded(found, file.name, encoding, is_whole=is_whole)
        lines = text.splitlines()
        if is_whole or len(lines) > 2:  # names, values, and a line that may be cut
            break
        if size >= LONGEST_LINE:
            raise _too_long(file.name)
        size *= 8
    # The last line may be cut, in the middle of a quoted value even.
    whole = text if is_whole else text[: text.rfind("\n" if "\n" in text else "\r") + 1]
    rows = _rows(whole, separator)
    if not rows and len(text) > LONGEST_LINE:
        raise _too_long(file.name)
    if not is_whole and len(rows) > 1:
        rows.pop()
    return Beginning(rows, max(map(len, lines), default=0), _is_mixed(whole))


def _too_long(file_name: str) -> InvalidDataError:
    return InvalidDataError(
        f"The first lines of {file_name!r:.300} have more than {LONGEST_LINE:,} bytes; is it a text file "
        "with a value between each two separators?"
    )


def _decoded(found: bytes, file_name: str, encoding: str, *, is_whole: bool) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(found, final=is_whole).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        row = found[: error.start].count(b"\n") + 1
        raise not_of_encoding(file_name, row, encoding) from error


def not_of_encoding(file_name: str, row: int | None, encoding: str) -> InvalidDataError:
    """The error of a file that is of another encoding; ``row`` counts its lines from 1."""
    place = "" if row is None else f", line {row:,},"
    return InvalidDataError(
        f"{file_name!r:.300}{place} is not of the encoding {encoding}; name the encoding that it has, such as "
        "encoding='iso88591', 'windows1252' or 'utf16'."
    )


def _rows(text: str, separator: str) -> list[list[str]]:
    # Of the whole process; it is only ever raised, for others may have raised it.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    values = 0
    try:
        for row in itertools.islice(reader, MOST_ROWS):
            if row:
                rows.append(row)
                values += len(row)
            if values > MOST_VALUES and len(rows) > 2:
                break
    except csv.Error:  # what the module cannot read; the rows before it are enough
        return rows
    return rows


def _is_mixed(text: str) -> bool:
    pairs = text.count("\r\n")
    ends = (pairs, text.count("\n") - pairs, text.count("\r") - pairs)
    return sum(end > 0 for end in ends) > 1


def named(header: Sequence[str]) -> tuple[str, ...]:
    """The names of columns by a header; blank ones are numbered, and no two are the same.

    Two names that differ in case alone count as the same: SQL could not tell them apart.
    """
    plain = [
        (text.replace("\0", "").strip() and text.replace("\0", "")) or f"Column{number}"
        for number, text in enumerate(header, 1)
    ]
    return unique_names(plain)


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names of which the second, third… of the same have ``_1``, ``_2``… behind them."""
    listed = list(names)
    reserved = {name.lower() for name in listed}
    taken: set[str] = set()
    counts: dict[str, int] = {}
    found = []
    for name in listed:
        unique = name
        while unique.lower() in taken or (unique != name and unique.lower() in reserved):
            counts[name.lower()] = counts.get(name.lower(), 0) + 1
            unique = f"{name}_{counts[name.lower()]}"
        taken.add(unique.lower())
        found.append(unique)
    return tuple(found)
