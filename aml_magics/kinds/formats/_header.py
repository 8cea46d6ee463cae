"""The first and last bytes of text files: rows, header names, line ends, and detection of binary data."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidDataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.kinds.formats._base import InputFile

SAMPLE_BYTES: Final = 262_144
HEADER_BYTES: Final = 16_384
LONGEST_LINE: Final = 67_108_864
MOST_VALUES: Final = 200_000
MOST_ROWS: Final = 5_000
_TAIL_BYTES: Final = 65_536

_PICKLE: Final = "a pickle of Python, which could run anything and is never loaded"
_SIGNS: Final = (
    (b"PAR1\x15", "a Parquet file; read it by Dataset.Tabular.from_parquet_files"),
    (b"\x1f\x8b", "packed by gzip; end its name with .gz, or unpack it"),
    (b"\x28\xb5\x2f\xfd", "packed by zstd; end its name with .zst, or unpack it"),
    (b"BZh91AY&SY", "packed by bzip2; unpack it, or pack it with gzip instead"),
    (b"\xfd7zXZ\x00", "packed by xz; unpack it, or pack it with gzip instead"),
    (b"7z\xbc\xaf\x27\x1c", "packed by 7-Zip; unpack it, or pack it with gzip instead"),
    (b"PK\x03\x04", "a zip file or an Excel workbook; unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV"),
    (
        b"SQLite format 3\x00",
        "an SQLite database; read it by a datastore and Dataset.Tabular.from_sql_query",
    ),
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "an image; Dataset.File.from_files takes files of any kind"),
    (b"\xff\xd8\xff", "an image; Dataset.File.from_files takes files of any kind"),
    *((bytes((0x80, protocol)), _PICKLE) for protocol in range(2, 6)),
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The start of a file.

    Args:
        rows: the first rows including the header, without empty lines.
        longest: characters in the longest line seen.
        is_mixed: whether line ends differ.
    """

    rows: list[list[str]]
    longest: int
    is_mixed: bool


def beginning_of(file: InputFile, size: int, separator: str, encoding: str) -> Beginning:
    """Parse the first rows of a file.

    Args:
        size: bytes to read; more if the first line is longer.
        encoding: a Python codec.

    Raises:
        InvalidDataError: binary data, another encoding, or a first line that is too long.
    """
    while True:
        found = file.beginning(size)
        if what := foreign(found):
            raise InvalidDataError(f"{file.name!r:.300} is {what}.")
        is_whole = len(found) < size
        text = _decoded(found, file.name, encoding, is_whole=is_whole)
        lines = text.splitlines()
        if is_whole or len(lines) > 2:  # header, values, and a line that may be cut
            break
        if size >= LONGEST_LINE:
            raise _too_long(file.name)
        size *= 8
    # The last line may be cut, even within a quoted value.
    whole = text if is_whole else text[: text.rfind("\n" if "\n" in text else "\r") + 1]
    rows = _rows(whole, separator)
    if not rows and len(text) > LONGEST_LINE:
        raise _too_long(file.name)
    if not is_whole and len(rows) > 1:
        rows.pop()
    return Beginning(rows, max(map(len, lines), default=0), _is_mixed(whole))


def foreign(head: bytes) -> str:
    """The type of a binary file and a remedy, from its first bytes: ``"a PDF document"``; empty for text."""
    return next((what for sign, what in _SIGNS if head.startswith(sign)), "")


def check_last_line(file: InputFile, longest: int) -> None:
    """Raise InvalidDataError if the last line of a file has more than ``longest`` bytes."""
    for size in (_TAIL_BYTES, longest):
        # in UTF-16 a line end has a NUL beside it
        end = file.ending(size).rstrip(b"\r\n\0")
        if b"\n" in end or b"\r" in end:
            return
    raise InvalidDataError(
        f"{file.name!r:.300}: its last line is longer than a line may be ({longest:,} bytes); is it text with separators?"
    )


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
    """The error for a file in another encoding; ``row`` counts lines from 1."""
    place = "" if row is None else f", line {row:,},"
    return InvalidDataError(
        f"{file_name!r:.300}{place} is not of the encoding {encoding}; name the encoding that it has, such as "
        "encoding='iso88591', 'windows1252' or 'utf16'."
    )


def _rows(text: str, separator: str) -> list[list[str]]:
    # csv's limit is global to the process, so never lower it.
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
    except csv.Error:  # csv cannot parse the rest; the rows before it are enough
        return rows
    return rows


def _is_mixed(text: str) -> bool:
    pairs = text.count("\r\n")
    ends = (pairs, text.count("\n") - pairs, text.count("\r") - pairs)
    return sum(end > 0 for end in ends) > 1


def named(header: Sequence[str]) -> tuple[str, ...]:
    """Unique column names from a header; blank ones are numbered.

    Names that differ only in case count as equal: SQL could not tell them apart.
    """
    plain = [
        (text.replace("\0", "").strip() and text.replace("\0", "")) or f"Column{number}"
        for number, text in enumerate(header, 1)
    ]
    return unique_names(plain)


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Append ``_1``, ``_2``… to the second, third… of equal names."""
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
