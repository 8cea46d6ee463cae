"""The token by which local services authenticate their user."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from typing import TYPE_CHECKING, Final

from aml_magics.store.home import home, make_private, write_whole

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "token"
_BYTES: Final = 32


def local_token() -> str:
    """This user's token, made at first use; replaced if others could read it. Raises StoreReadOnlyError."""
    path = home() / FILE
    found = _read(path)
    if found:
        return found
    make_private(path.parent)
    mine = path.with_name(f".{FILE}.{secrets.token_hex(4)}")
    write_whole(mine, secrets.token_urlsafe(_BYTES).encode())
    try:
        with contextlib.suppress(OSError):  # of concurrent processes the first one's token stays
            os.link(mine, path)
        if not _read(path):
            mine.replace(path)
    finally:
        mine.unlink(missing_ok=True)
    return _read(path)


def _read(path: Path) -> str:
    """The token, or empty without one that only its user can read."""
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            is_private = not stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077
            return file.read().strip() if is_private else ""
    except FileNotFoundError:
        return ""
