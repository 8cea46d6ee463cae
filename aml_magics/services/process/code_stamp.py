"""Whether the installed package was replaced under a process that runs for long."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parents[2] / "__init__.py"


def code_stamp() -> tuple[int, int] | None:
    """A version stamp of the installed package; None while it is being replaced."""
    try:
        status = _PACKAGE.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
