"""What the methods of datasets check of their arguments."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from aml_magics.errors import InvalidDatasetError, InvalidPathError, described, did_you_mean
from aml_magics.kinds.formats._base import ENCODINGS
from aml_magics.services.data.store.path import check_name


def check_count(count: object, method: str) -> int:
    """A number of rows or files.

    Raises:
        InvalidDatasetError: no whole number from 0.
    """
    if isinstance(count, bool) or not hasattr(count, "__index__") or count.__index__() < 0:
        raise InvalidDatasetError(f"{method} takes a whole number from 0, not {count!r:.40}.")
    return int(count.__index__())


def check_share(share: object, argument: str) -> float:
    """A share of a whole.

    Raises:
        InvalidDatasetError: no number from 0 to 1.
    """
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
    """A seed, drawn where none is given: the definition keeps it, so that reading again gives the same rows.

    Raises:
        InvalidDatasetError: no whole number.
    """
    if seed is None:
        return secrets.randbits(31)
    if isinstance(seed, bool) or not hasattr(seed, "__index__"):
        raise InvalidDatasetError(f"seed is a whole number or None, not {seed!r:.40}.")
    return int(seed.__index__())


def check_columns(columns: object, method: str) -> list[str]:
    """The names of columns, each once.

    Raises:
        InvalidDatasetError: no name or no list of names.
    """
    names = [columns] if isinstance(columns, str) else columns
    is_list = isinstance(names, list | tuple | set) or hasattr(names, "tolist")
    found = list(names) if is_list else []  # type: ignore[call-overload]
    if not found or not all(isinstance(name, str) for name in found):
        raise InvalidDatasetError(
            f"{method} takes the name of a column or a list of names, not {columns!r:.60}."
        )
    return list(dict.fromkeys(str(name) for name in found))


def folder_of(path: object, argument: str) -> Path:
    """A folder of this machine, whether it is there or not.

    Raises:
        InvalidPathError: no path, an empty one, or one that nothing can have.
    """
    if not isinstance(path, str | os.PathLike) or not str(path).strip():
        raise InvalidPathError(
            f"{argument} is a folder of this machine, such as 'data', not {described(path)}."
        )
    check_name(os.fsdecode(path), argument)
    return Path(path).expanduser().absolute()


def check_on_error(value: object, argument: str) -> None:
    """Check what is done about a value that cannot be.

    Raises:
        InvalidDatasetError: neither ``"null"`` nor ``"fail"``.
    """
    if value not in ("null", "fail"):
        raise InvalidDatasetError(f"{argument} is 'null' or 'fail', not {value!r:.40}.")


def check_encoding(encoding: object) -> str:
    """The name of an encoding, as Azure writes it.

    Raises:
        InvalidDatasetError: another one.
    """
    name = str(encoding).lower().replace("-", "").replace("_", "")
    if name not in ENCODINGS:
        raise InvalidDatasetError(
            f"encoding is one of {', '.join(ENCODINGS)}, not {encoding!r:.40}.{did_you_mean(name, ENCODINGS)}"
        )
    return name


def check_partition_format(text: object) -> str:
    """A partition format, empty for none.

    Raises:
        InvalidDatasetError: no text with a column in braces.
    """
    from aml_magics.services.data.store.partition import partition_columns

    if text is None:
        return ""
    if not isinstance(text, str) or not partition_columns(text):
        raise InvalidDatasetError(
            "partition_format is a text with the names of columns in braces, such as '{year:yyyy}/{name}.csv', "
            f"not {text!r:.60}."
        )
    return text


def check_separator(separator: object) -> str:
    """What stands between values.

    Raises:
        InvalidDatasetError: no text, or an empty one.
    """
    if not isinstance(separator, str) or not separator:
        raise InvalidDatasetError(
            f"separator is a text such as ',' or '\\t', not {separator!r:.40}."
        )
    return separator


def check_timeout(seconds: object) -> int:
    """How long a database may take.

    Raises:
        InvalidDatasetError: no number of seconds above 0.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        raise InvalidDatasetError(
            f"query_timeout is a number of seconds above 0, not {seconds!r:.40}."
        )
    return max(round(seconds), 1)
