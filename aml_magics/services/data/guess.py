"""Guesses a data file's format, encoding, separator and header from its beginning."""

from __future__ import annotations

import codecs
import csv
import json
import re
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidDataError
from aml_magics.kinds.formats._header import foreign
from aml_magics.services.data.store.files import open_file

if TYPE_CHECKING:
    from aml_magics.services.data.store.files import DataFile

HEAD: Final = 256 << 10
"""Bytes that are examined."""

_ROWS: Final = 200
_SEPARATORS: Final = (",", "\t", ";", "|", " ")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf8bom", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf16", "utf-16"),
)
_VALUE: Final = re.compile(
    r"[-+]?[\d.,]*\d[\d.,]*(?:e[-+]?\d+)?%?|\d{4}-\d\d?-\d\d?.*|\d\d?[./]\d\d?[./]\d{2,4}.*|true|false|nan|null",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A format and its options, as in a definition."""

    format: str
    options: dict[str, Any] = field(default_factory=dict)


def guess(file: DataFile) -> Guess:
    """Guess a file's format from its beginning.

    Raises:
        InvalidDataError: it is empty, or not readable as a table.
        DataAccessError: it cannot be read.
    """
    with open_file(file) as opened:
        head = opened.read(HEAD)
    return guess_head(head, file.relative, is_whole=len(head) < HEAD)


def guess_head(head: bytes, name: str, *, is_whole: bool = True) -> Guess:
    """Guess a format from the first bytes of a file.

    Args:
        name: the file's name in messages.
        is_whole: whether ``head`` is the whole file; else its last line may be cut.

    Raises:
        InvalidDataError: it is empty, or not readable as a table.
    """
    if head.startswith(b"PAR1"):
        return Guess("parquet")
    if head.startswith(b"\x1f\x8b") and name.lower().endswith(".gz"):
        head, is_whole = _unpacked(head, name), False
    if what := foreign(head):
        raise InvalidDataError(f"{name!r:.200} is {what}.")
    text, encoding = _decoded(head, name, is_whole=is_whole)
    if not text.strip():
        raise InvalidDataError(f"{name!r:.200} is empty; there is no telling what it would hold.")
    if text.lstrip()[0] in "{[" and (found := _json(text, name, encoding)):
        return found
    return Guess("delimited", {"encoding": encoding, **_delimited(text, is_whole=is_whole)})


def _unpacked(head: bytes, name: str) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, HEAD)
    except zlib.error as error:
        raise InvalidDataError(
            f"{name!r:.200} cannot be unpacked: it is damaged; copy it again."
        ) from error


def _decoded(head: bytes, name: str, *, is_whole: bool) -> tuple[str, str]:
    """The text, and the encoding as a definition names it."""
    for mark, word, codec in _MARKS:
        if head.startswith(mark):
            return _cut(head, codec), word
    if b"\0" in head:
        raise InvalidDataError(
            f"{name!r:.200} is not text: it has NUL bytes and no mark of an encoding. "
            "Text, JSON lines and Parquet are read."
        )
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head, final=is_whole), "utf8"
    except UnicodeDecodeError:
        pass
    try:
        return head.decode("cp1252"), "windows1252"
    except UnicodeDecodeError:
        return head.decode("latin-1"), "latin1"


def _cut(head: bytes, codec: str) -> str:
    """Decode bytes that may end within a character."""
    return codecs.getincrementaldecoder(codec)(errors="replace").decode(head)


def _json(text: str, name: str, encoding: str) -> Guess | None:
    start = text.lstrip()
    if start[0] == "[":
        if not _begins_json_list(start):
            return None
        raise InvalidDataError(
            f"{name!r:.200} is one JSON list; JSON lines are read, an object in each line: "
            "pandas.read_json(path).to_json(new_path, orient='records', lines=True) writes them."
        )
    try:
        is_object = isinstance(json.loads(start.split("\n", 1)[0]), dict)
    except ValueError:
        return None
    return Guess("json_lines", {"encoding": encoding}) if is_object else None


def _begins_json_list(text: str) -> bool:
    return re.match(r"\[\s*[{\[\"\d\]-]", text) is not None


def _delimited(text: str, *, is_whole: bool) -> dict[str, Any]:
    lines = text.splitlines(keepends=True)
    if not is_whole and len(lines) > 1:
        lines.pop()
    lines = lines[:_ROWS]
    separator = max(_SEPARATORS, key=lambda one: _agreement(_rows(lines, one), one))
    rows = _rows(lines, separator)
    if max((len(row) for row in rows), default=0) <= 1:
        separator, rows = ",", _rows(lines, ",")
    return {
        "separator": separator,
        "header": "all_files_same" if _has_header(rows) else "no_headers",
        "multi_line": any("\n" in value for row in rows for value in row),
    }


def _rows(lines: list[str], separator: str) -> list[list[str]]:
    """The rows that a separator gives, up to the first that cannot be read."""
    rows: list[list[str]] = []
    try:
        read = csv.reader(lines, delimiter=separator, skipinitialspace=separator == " ")
        rows.extend(row for row in read if row)
    except csv.Error:  # a value of more than 128 kB; another separator would not cut it either
        return rows
    return rows


def _agreement(rows: list[list[str]], separator: str) -> tuple[float, bool, int]:
    """How well rows agree on their number of values; a blank is the last choice."""
    counts = Counter(len(row) for row in rows)
    if not counts:
        return 0.0, False, 0
    [(width, found)] = counts.most_common(1)
    if width < 2:
        return 0.0, False, 0
    return found / len(rows), separator != " ", width


def _has_header(rows: list[list[str]]) -> bool:
    """Whether the first row names columns: all filled, all distinct, none a number or a date."""
    if not rows:
        return True
    first = [value.strip() for value in rows[0]]
    if not first[0] and len(first) > 1:  # pandas writes its index without a name
        first = first[1:]
    return all(first) and len(set(first)) == len(first) and not any(map(_VALUE.fullmatch, first))
