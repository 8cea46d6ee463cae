"""What DuckDB complains of, in our words: with the file and the row, without its advice on options."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AmlError, DataAccessError, InvalidDataError, InvalidDatasetError
from aml_magics.kinds.formats.json_lines import NO_OBJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LINE: Final = re.compile(r"CSV Error on Line: (\d+)")
_FILE: Final = re.compile(r"^\s*file = (.+)$", re.MULTILINE)
_JSON: Final = re.compile(
    r'JSON(?: transform error)? in file "(.+?)", (?:at byte (\d+) )?in (?:line|record/value) (\d+): (.+)',
    re.DOTALL,
)
_FOUND: Final = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_UNPACKING: Final = re.compile(r"GZIP|ZSTD|zstd|gzip|miniz|decompress", re.IGNORECASE)
_PARQUET: Final = re.compile(
    r"No magic bytes|too small to be a Parquet|Invalid Parquet|[Ff]ooter length|TProtocolException|don't know what type|"
    r"not enough bytes in the file|Snappy|Parquet file is corrupt|Invalid data|Unexpected end of stream"
)
_LONGEST: Final = 300
_INTERRUPTED: Final = "Query interrupted"


@contextmanager
def explaining(names: Mapping[str, str]) -> Iterator[None]:
    """Around what DuckDB does.

    Args:
        names: what the user calls the files that DuckDB opened, by their paths.

    Raises:
        InvalidDataError: a file is not as it was said to be.
        InvalidDatasetError: what was asked for cannot be computed from these columns.
        DataAccessError: a file cannot be read, or there is no room in memory and on disk.
        KeyboardInterrupt: the user interrupted it.
    """
    import duckdb

    try:
        with signals_told():
            yield
    except duckdb.Error as error:
        raise _explained(error, names) from error


@contextmanager
def signals_told() -> Iterator[None]:
    """Around queries that a signal may end: DuckDB says so by an error of its own.

    Raises:
        KeyboardInterrupt: so it was.
    """
    try:
        yield
    except RuntimeError as error:
        if str(error) == _INTERRUPTED:  # what DuckDB makes of a signal
            raise KeyboardInterrupt from error
        raise


def _explained(error: Exception, names: Mapping[str, str]) -> AmlError:
    import duckdb

    text = str(error)
    if isinstance(error, duckdb.InterruptException):
        return DataAccessError("The reading was stopped before its end.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return DataAccessError(
            f"There is not enough memory and room on disk for that: {_first_line(text)} Keep fewer columns or rows, or "
            "free some room on the disk of the workspace."
        )
    for kind in (_of_delimited, _of_json, _of_packed, _of_parquet):
        if found := kind(text, names):
            return found
    if isinstance(error, duckdb.IOException | duckdb.HTTPException | duckdb.PermissionException):
        return DataAccessError(f"The data cannot be read: {_named(text, names)}")
    if isinstance(error, duckdb.BinderException | duckdb.ParserException | duckdb.CatalogException):
        return InvalidDatasetError(f"That cannot be asked of this dataset: {_named(text, names)}")
    return InvalidDataError(
        f"The data{_of_files(text, names)} cannot be read as it was said to be: {_named(text, names)}"
    )


def _of_delimited(  # noqa: PLR0911 -- one a complaint
    text: str, names: Mapping[str, str]
) -> InvalidDataError | None:
    if "Parallel CSV Reader" in text:
        return InvalidDataError(
            f"The data{_of_files(text, names)} has a line that is longer than a line may be; is it text with separators?"
        )
    path = _FILE.search(text)
    if path is None:
        return None
    line = _LINE.search(text)
    place = repr(_name_at(text, path.start(1), path[1].strip(), names))[:_LONGEST] + (
        f", line {int(line[1]):,}" if line else ""
    )
    if NO_OBJECT in text:
        return InvalidDataError(
            f"{place} has a line with JSON that is no object ({text.split(NO_OBJECT, 1)[1].split(chr(10), maxsplit=1)[0]!r}); mend it, "
            "or leave such lines out with invalid_lines='drop'."
        )
    counts = _FOUND.search(text)
    if counts:
        return InvalidDataError(
            f"{place}, has {int(counts[2]):,} values where there are {int(counts[1]):,} columns; put a value with a "
            "separator in quotes, or name the separator that the file has."
        )
    if "unterminated quote" in text or "quoted new lines" in text or "NEW LINES" in text.upper():
        return InvalidDataError(
            f"{place}, has a quote that does not end on its line; close it, or read the file with "
            "support_multi_line=True where values have line breaks."
        )
    if "utf-8" in text or "encoded" in text:
        return InvalidDataError(
            f"{place}, is not of the encoding that was named; name the one that it has, such as "
            "encoding='iso88591', 'windows1252' or 'utf16'."
        )
    if "Maximum line size" in text or "buffer size" in text:
        return InvalidDataError(
            f"{place}, is longer than a line may be; is it text with separators?"
        )
    if "invalid state" in text:
        return InvalidDataError(
            f"{place}: its lines end in different ways, or a quote stands in the middle of a value; write the file "
            "anew with the same line ends."
        )
    return InvalidDataError(f"{place}, cannot be read: {_first_line(text)}")


def _of_json(text: str, names: Mapping[str, str]) -> InvalidDataError | None:
    found = _JSON.search(text)
    if found is None:
        return None
    # Of a line that is no JSON, DuckDB tells the number of the next.
    line = int(found[3]) - (1 if found[2] else 0)
    return InvalidDataError(
        f"{names.get(found[1], found[1])!r:.300}, line {line:,}, is no JSON ({_first_line(found[4].strip()).rstrip('. ')}); mend it, or leave "
        "such lines out with invalid_lines='drop'."
    )


def _of_packed(text: str, names: Mapping[str, str]) -> InvalidDataError | None:
    if not _UNPACKING.search(text):
        return None
    return InvalidDataError(
        f"The data{_of_files(text, names)} cannot be unpacked to its end: it is cut off or damaged, or is not packed "
        "as its name says; copy it again, or rename it."
    )


def _of_parquet(text: str, names: Mapping[str, str]) -> InvalidDataError | None:
    if not _PARQUET.search(text):
        return None
    return InvalidDataError(
        f"The data{_of_files(text, names)} is no Parquet, or it is cut off or damaged "
        f"({_named(text, names).strip().rstrip(':')}); copy it again, or read it as what it is."
    )


def _name_at(text: str, start: int, line: str, names: Mapping[str, str]) -> str:
    """What the user calls the file whose path stands somewhere in a text; a path may have several lines."""
    known = [path for path in names if text.startswith(path, start)]
    return names[max(known, key=len)] if known else line


def _of_files(text: str, names: Mapping[str, str]) -> str:
    """Which file a complaint is about: the one that it names, else the only one, else the first of several."""
    found = sorted((path for path in names if path in text), key=len)
    called = list(dict.fromkeys(names.values()))
    if found or len(called) == 1:
        one = names[found[-1]] if found else called[0]
        return f" of {one!r:.200}"
    return f" of one of {len(called):,} files ({called[0]!r:.200} …)" if called else ""


def _named(text: str, names: Mapping[str, str]) -> str:
    """The first line, with the user's names for files."""
    for path in sorted(names, key=len, reverse=True):
        if path in text:
            text = text.replace(f'"{path}"', repr(names[path])).replace(path, names[path])
    return _first_line(text)


def _first_line(text: str) -> str:
    line = text.split("\n", 1)[0]
    line = re.sub(r"^[A-Z][A-Za-z]+(?: [A-Za-z]+)? Error: ", "", line).strip()
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
