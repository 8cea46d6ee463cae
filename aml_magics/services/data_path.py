"""Paths below the root of a datastore."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from aml_magics.errors import InvalidPathError

LONGEST: Final = 1024
_DRIVE: Final = re.compile(r"^[A-Za-z]:")


def checked_path(path: object, field: str = "path") -> str:
    """Return a path or pattern in its plain form if it stays below its root, else say what is wrong.

    Args:
        path: with ``/`` between its parts; a leading ``./`` and closing ``/`` are dropped. Empty or
            ``/`` is the root.
        field: how the caller calls the value, for the message.

    Raises:
        InvalidPathError: no text, too long, no Unicode, absolute, with ``..``, NUL or another control character, a
            backslash or a drive letter.
    """
    if not isinstance(path, str):
        raise InvalidPathError(
            f"{field} is a text such as 'data/*.csv', not {type(path).__name__} ({path!r:.60})."
        )
    if path == "/":
        return ""
    clean = path.rstrip("/") if path.strip("/") else path
    while clean.startswith("./"):
        clean = clean[2:].lstrip("/")
    if clean in {"", "."}:
        return ""
    problem = _problem(clean)
    if problem:
        raise InvalidPathError(
            f"{field} {path[:80]!r} {problem}; give a path below the datastore's root, such as 'data/*.csv'."
        )
    return clean


def _problem(path: str) -> str:
    parts = path.split("/")
    checks = (
        (len(path) > LONGEST, f"is longer than {LONGEST} characters"),
        (any("\ud800" <= mark <= "\udfff" for mark in path), "has half a character of UTF-16"),
        (path.startswith("/"), "is absolute"),
        ("\\" in path, "has a backslash"),
        (bool(_DRIVE.match(path)), "starts with a drive letter"),
        ("://" in path, "is a URL"),
        # a server of HTTP decodes once
        (any(unquote(part) == ".." for part in parts), "climbs out with '..'"),
        ("" in parts or "." in parts, "has an empty part"),
        (any(ord(mark) < 32 or ord(mark) == 127 for mark in path), "has a control character"),
    )
    return next((text for bad, text in checks if bad), "")
