"""Translates DuckDB's errors: with the user's file name, the line, and a remedy.

Frequent errors are recognised by their texts, which DuckDB does not guarantee. So
``tests/services/data/table/test_error.py`` makes DuckDB raise each, and a release that changes one fails there.
All others are passed on with the users' file names.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AmlError, DataAccessError, InvalidDataError, InvalidDatasetError
from aml_magics.kinds.formats.json_lines import NO_OBJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LONGEST: Final = 300
_INTERRUPTED: Final = "Query interrupted"
_CSV_FILE: Final = re.compile(r"^\s*file = (.+)$", re.MULTILINE)
_CSV_LINE: Final = re.compile(r"CSV Error on Line: (\d+)")
_CSV_CASES: Final = (
    (
        re.escape(NO_OBJECT) + "(?P<text>.*)",
        " has a line with JSON that is no object ({text!r}); mend it, or leave such lines out with invalid_lines='drop'.",
    ),
    (
        r"Expected Number of Columns: (?P<columns>\d+) Found: (?P<values>\d+)",
        (
            ", has {values} values where there are {columns} columns; put a value with a separator in quotes, or name the "
            "separator that the file has."
        ),
    ),
    (
        "unterminated quote|quoted new lines",
        (
            ", has a quote that does not end on its line; close it, or read the file with support_multi_line=True where "
            "values have line breaks."
        ),
    ),
    (
        "is not utf-8 encoded",
        (
            ", is not of the encoding that was named; name the one that it has, such as encoding='iso88591', "
            "'windows1252' or 'utf16'."
        ),
    ),
    ("Maximum line size", ", is longer than a line may be; is it text with separators?"),
    (
        "invalid state",
        (
            ": its lines end in different ways, or a quote stands in the middle of a value; write the file anew with the "
            "same line ends."
        ),
    ),
    ("", ", cannot be read: {what}"),
)
"""Messages with a file and its line: DuckDB's text, and ours to follow file and line."""

_JSON: Final = re.compile(
    r'JSON in file "(.+?)", (at byte \d+ )?in (?:line|record/value) (\d+): (.+)', re.DOTALL
)
_CASES: Final = (
    (
        "Parallel CSV Reader",
        "has a line that is longer than a line may be; is it text with separators?",
    ),
    (
        "GZIP|ZSTD|[Dd]ecompress|frame parameter",
        (
            "cannot be unpacked to its end: it is cut off or damaged, or is not packed as its name says; copy it again, or "
            "rename it."
        ),
    ),
    (
        "No magic bytes|too small to be a Parquet|Footer length",
        "is no Parquet, or it is cut off or damaged ({what}); copy it again, or read it as what it is.",
    ),
)
"""Other messages: DuckDB's text, and ours to follow the file's name."""


@contextmanager
def explaining(names: Mapping[str, str]) -> Iterator[None]:
    """Translate DuckDB's errors within the block.

    Args:
        names: the user's names for files, by the paths that DuckDB opened.

    Raises:
        InvalidDataError: a file does not match its definition.
        InvalidDatasetError: the query cannot be computed from these columns.
        DataAccessError: a file cannot be read, or memory and disk are full.
        KeyboardInterrupt: the user interrupted it.
    """
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise _explained(error, names) from error
    except RuntimeError as error:
        if str(error) == _INTERRUPTED:  # DuckDB's error for a signal
            raise KeyboardInterrupt from error
        raise


def _explained(  # noqa: PLR0911 -- one a kind of error
    error: Exception, names: Mapping[str, str]
) -> AmlError:
    import duckdb

    text = str(error)
    what = _first_line(_with_names(text, names))
    of_files = _of_files(text, names)
    if isinstance(error, duckdb.InterruptException):
        return DataAccessError("The reading was stopped before its end.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return DataAccessError(
            f"There is not enough memory and room on disk for that: {what} Keep fewer columns or rows, or "
            "free some room on the disk of the workspace."
        )
    if found := _at_line(text, what, names):
        return found
    for sign, message in _CASES:
        if re.search(sign, text):
            return InvalidDataError(f"The data{of_files} {message.format(what=what.rstrip(': '))}")
    if isinstance(error, duckdb.IOException | duckdb.HTTPException | duckdb.PermissionException):
        return DataAccessError(f"The data cannot be read: {what}")
    if isinstance(error, duckdb.BinderException | duckdb.ParserException | duckdb.CatalogException):
        return InvalidDatasetError(f"That cannot be asked of this dataset: {what}")
    return InvalidDataError(f"The data{of_files} cannot be read as it was said to be: {what}")


def _at_line(text: str, what: str, names: Mapping[str, str]) -> InvalidDataError | None:
    """The error of a message that names a file and a line."""
    if found := _JSON.search(text):
        # with a byte offset, DuckDB gives the number of the line after the wrong one
        line = int(found[3]) - bool(found[2])
        reason = _first_line(found[4].strip()).rstrip(". ")
        return InvalidDataError(
            f"{names.get(found[1], found[1])!r:.300}, line {line:,}, is no JSON ({reason}); mend it, or leave such "
            "lines out with invalid_lines='drop'."
        )
    path = _CSV_FILE.search(text)
    if path is None or "Parallel CSV Reader" in text:
        return None
    # a path may contain line breaks, so match the known path
    known = [one for one in names if text.startswith(one, path.start(1))]
    file = names[max(known, key=len)] if known else path[1].strip()
    line_of = _CSV_LINE.search(text)
    where = f"{file!r:.300}" + (f", line {int(line_of[1]):,}" if line_of else "")
    for sign, message in _CSV_CASES:
        if match := re.search(sign, text):
            return InvalidDataError(where + message.format(what=what, **match.groupdict()))
    return None


def _of_files(text: str, names: Mapping[str, str]) -> str:
    """The file of a message: the one it names, else the only one, else the first."""
    found = sorted((path for path in names if path in text), key=len)
    called = list(dict.fromkeys(names.values()))
    if found or len(called) == 1:
        one = names[found[-1]] if found else called[0]
        return f" of {one!r:.200}"
    return f" of one of {len(called):,} files ({called[0]!r:.200} …)" if called else ""


def _with_names(text: str, names: Mapping[str, str]) -> str:
    """Replace paths in a message by the user's names."""
    for path in sorted(names, key=len, reverse=True):
        if path in text:
            text = text.replace(f'"{path}"', repr(names[path])).replace(path, names[path])
    return text


def _first_line(text: str) -> str:
    line = text.split("\n", 1)[0]
    line = re.sub(r"^[A-Z][A-Za-z]+(?: [A-Za-z]+)? Error: ", "", line).strip()
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
