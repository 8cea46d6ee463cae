"""Validates paths below a datastore's root, and of this machine."""

from __future__ import annotations

import os
import re
from typing import Final
from urllib.parse import unquote

from aml_magics.errors import InvalidPathError

LONGEST: Final = 1024
_LONGEST_NAME: Final = 255
_LONGEST_PATH: Final = 4095
_DRIVE: Final = re.compile(r"^[A-Za-z]:")
_HALF: Final = "has half a character (a lone surrogate)"


def checked_path(path: object, field: str = "path") -> str:
    """Normalise a path or pattern; refuse one that leaves its root.

    Args:
        path: with ``/``; a leading ``./`` and closing ``/`` are dropped. Empty or ``/`` is the root.
        field: the caller's name for the value, for the message.

    Raises:
        InvalidPathError: no text, too long, absolute, with ``..``, NUL or another control character, a
            backslash, a drive letter or half a character.
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
        (path.startswith("/"), "is absolute"),
        ("\\" in path, "has a backslash"),
        (bool(_DRIVE.match(path)), "starts with a drive letter"),
        ("://" in path, "is a URL"),
        # an HTTP server decodes once
        (any(unquote(part) == ".." for part in parts), "climbs out with '..'"),
        ("" in parts or "." in parts, "has an empty part"),
        (any(ord(mark) < 32 or ord(mark) == 127 for mark in path), "has a control character"),
        (_encoded(path) is None, _HALF),
    )
    return next((text for bad, text in checks if bad), "")


def check_name(path: str, field: str = "path") -> None:
    """Check that a local path can be a file name.

    Args:
        field: the caller's name for the value, for the message.

    Raises:
        InvalidPathError: a name or the path is too long, or has characters that no name can have.
    """
    found = _encoded(path) or b""
    longest = max(found.split(b"/"), key=len)
    shown = os.fsdecode(longest)[:20]
    checks = (
        (not found and path, _HALF),
        (b"\0" in found, "has a NUL character"),
        (
            len(longest) > _LONGEST_NAME,
            f"has the name {shown + '…'!r} of {len(longest):,} bytes, and a name has at most {_LONGEST_NAME}",
        ),
        (len(found) > _LONGEST_PATH, f"is longer than {_LONGEST_PATH:,} bytes"),
    )
    for is_bad, text in checks:
        if is_bad:
            raise InvalidPathError(
                f"{field} {path[:80]!r} {text}; nothing on this machine can be called so, give it another name."
            )


def _encoded(path: str) -> bytes | None:
    """The encoded path, or None if it cannot be encoded."""
    try:
        return os.fsencode(path)
    except UnicodeEncodeError:
        return None
