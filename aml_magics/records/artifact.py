"""An artifact: a named file of a run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aml_magics.errors import InvalidPathError

MAX_NAME = 1024
MAX_PART = 255
_WINDOWS_DEVICE = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$")


@dataclass(frozen=True, slots=True)
class ArtifactRecord:
    """A file of a run: ``digest`` is the SHA-256 of its bytes in hex, ``size`` is in bytes."""

    name: str
    digest: str
    size: int
    created: float


def check_artifact_name(name: object, field: str = "name") -> str:
    """Return the name if it stays below its root on every system.

    Args:
        name: a relative path with ``/`` between its parts; a leading ``./`` is dropped.
        field: the argument's name for the message.

    Raises:
        InvalidPathError: empty, too long, absolute, with ``..``, NUL, control characters, a
            backslash, a drive letter, or the name of a Windows device.
    """
    if not isinstance(name, str) or not name:
        raise InvalidPathError(
            f"{field} must be a relative path such as 'outputs/model.pkl', not {name!r}."
        )
    shown = name if len(name) <= 80 else name[:77] + "..."
    clean = name
    while clean.startswith("./"):
        clean = clean[2:]
    problem = _problem(clean)
    if problem:
        raise InvalidPathError(
            f"{field} {shown!r} {problem}; give a relative path such as 'outputs/model.pkl'."
        )
    return clean


def _problem(name: str) -> str:
    parts = name.split("/")
    checks = (
        (not name, "names no file"),
        (len(name) > MAX_NAME, f"is longer than {MAX_NAME} characters"),
        (
            any(len(part.encode("utf-8", "surrogatepass")) > MAX_PART for part in parts),
            f"has a part of over {MAX_PART} bytes",
        ),
        (name.startswith("/"), "is absolute"),
        ("\\" in name, "has a backslash"),
        (bool(re.match(r"^[A-Za-z]:", name)), "starts with a drive letter"),
        (".." in parts, "climbs out with '..'"),
        ("" in parts or "." in parts, "has an empty part"),
        (not name.isprintable(), "has a control character"),
        (any(_WINDOWS_DEVICE.match(part) for part in parts), "is the name of a Windows device"),
        (any(part.startswith("-") for part in parts[:1]), "starts with '-'"),
    )
    return next((text for bad, text in checks if bad), "")
