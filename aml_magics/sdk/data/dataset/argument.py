"""Checks of dataset arguments; by default they raise :class:`InvalidDatasetError`."""

from __future__ import annotations

import os
import secrets
from enum import Enum
from pathlib import Path
from typing import Final

from aml_magics.errors import InvalidDatasetError, InvalidPathError, described, did_you_mean
from aml_magics.kinds.formats._base import ENCODINGS
from aml_magics.services.data.store.partition import partition_columns
from aml_magics.services.data.store.path import check_name


def check_count(count: object, method: str) -> int:
    """Check a number of rows or files: a whole number from 0."""
    if isinstance(count, bool) or not hasattr(count, "__index__") or count.__index__() < 0:
        raise InvalidDatasetError(f"{method} takes a whole number from 0, not {count!r:.40}.")
    return int(count.__index__())


def check_share(share: object, argument: str) -> float:
    """Check a share: a number from 0 to 1."""
    try:
        number = float(share)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = -1.0
    if not 0 <= number <= 1:
        raise InvalidDatasetError(
            f"{argument} is a number from 0 to 1, such as 0.7, not {share!r:.40}."
        )
    return number


def seed_of(seed: int | None) -> int:
    """Return the seed, random if None. The definition keeps it, so every read gives the same rows."""
    if seed is None:
        return secrets.randbits(31)
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise InvalidDatasetError(f"seed is a whole number or None, not {seed!r:.40}.")
    return int(seed.__index__())


def check_columns(columns: object, method: str) -> list[str]:
    """Check names of columns, and drop duplicates."""
    names = [columns] if isinstance(columns, str) else columns
    is_list = isinstance(names, list | tuple | set) or hasattr(names, "tolist")
    found = list(names) if is_list else []  # type: ignore[call-overload]
    if not found or not all(isinstance(name, str) for name in found):
        raise InvalidDatasetError(
            f"{method} takes the name of a column or a list of names, not {columns!r:.60}."
        )
    return list(dict.fromkeys(str(name) for name in found))


def folder_of(path: object, argument: str) -> Path:
    """Check the path of a local folder, which need not exist.

    Raises:
        InvalidPathError: not a path, empty, or impossible on this system.
    """
    if not isinstance(path, str | os.PathLike) or not str(path).strip():
        raise InvalidPathError(
            f"{argument} is a folder of this machine, such as 'data', not {described(path)}."
        )
    check_name(os.fsdecode(path), argument)
    return Path(path).expanduser().absolute()


def check_on_error(value: object, argument: str) -> None:
    """Check ``on_error``: ``"null"`` or ``"fail"``."""
    if value not in ("null", "fail"):
        raise InvalidDatasetError(f"{argument} is 'null' or 'fail', not {value!r:.40}.")


def check_encoding(encoding: object) -> str:
    """Check an encoding and return Azure's name for it."""
    name = str(encoding).lower().replace("-", "").replace("_", "")
    if name not in ENCODINGS:
        raise InvalidDatasetError(
            f"encoding is one of {', '.join(ENCODINGS)}, not {encoding!r:.40}.{did_you_mean(name, ENCODINGS)}"
        )
    return name


def check_partition_format(text: object) -> str:
    """Check that a partition format has a column in braces; None becomes the empty text."""
    if text is None:
        return ""
    if not isinstance(text, str) or not partition_columns(text):
        raise InvalidDatasetError(
            "partition_format is a text with the names of columns in braces, such as '{year:yyyy}/{name}.csv', "
            f"not {text!r:.60}."
        )
    return text


def check_separator(separator: object) -> str:
    """Check the separator between values: any text but the empty one."""
    if not isinstance(separator, str) or not separator:
        raise InvalidDatasetError(
            f"separator is a text such as ',' or '\\t', not {separator!r:.40}."
        )
    return separator


def check_timeout(seconds: object) -> int:
    """Check a query's time limit: seconds above 0."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        raise InvalidDatasetError(
            f"query_timeout is a number of seconds above 0, not {seconds!r:.40}."
        )
    return max(round(seconds), 1)


class PromoteHeadersBehavior(Enum):
    """Which files start with the names of the columns."""

    NO_HEADERS = 0
    """No file has a header; the columns are ``Column1``, ``Column2``, …"""

    ONLY_FIRST_FILE_HAS_HEADERS = 1
    """The first file has a header, which applies to all."""

    COMBINE_ALL_FILES_HEADERS = 2
    """Each file has its own header; columns are matched by name."""

    ALL_FILES_HAVE_SAME_HEADERS = 3
    """All files have the same header."""


_HEADERS: Final = {
    PromoteHeadersBehavior.NO_HEADERS: "no_headers",
    PromoteHeadersBehavior.ONLY_FIRST_FILE_HAS_HEADERS: "only_first",
    PromoteHeadersBehavior.COMBINE_ALL_FILES_HEADERS: "all_files_different",
    PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS: "all_files_same",
}


def written_header(header: object) -> str:
    """Convert True, False or a :class:`PromoteHeadersBehavior` to its form in a definition."""
    if isinstance(header, bool):
        return "all_files_same" if header else "no_headers"
    if isinstance(header, PromoteHeadersBehavior):
        return _HEADERS[header]
    if isinstance(header, str) and header in _HEADERS.values():
        return header
    raise InvalidDatasetError(
        "header is True, False or a PromoteHeadersBehavior such as "
        f"PromoteHeadersBehavior.ONLY_FIRST_FILE_HAS_HEADERS, not {header!r:.40}."
    )
