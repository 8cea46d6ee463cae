"""How services on this machine know their user: by tokens that are signed with the user's secret, and expire."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from typing import TYPE_CHECKING, Final

from aml_magics.records.token import service_of, sign
from aml_magics.store.home import home, make_private, write_whole

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "token"
LIFETIME: Final = 3600.0
"""Seconds until a token expires, as in Azure."""

_BYTES: Final = 32
_PURPOSE: Final = "aml_magics"


def user_token() -> str:
    """A token of this user, good for an hour; raises StoreReadOnlyError."""
    return sign(_secret(), _PURPOSE, time.time() + LIFETIME)


def is_user_token(token: str) -> bool:
    """Whether a token is this user's and has not expired; takes the same time for every wrong one."""
    return service_of(_secret(), token, time.time()) == _PURPOSE


def _secret() -> str:
    """This user's secret, made at first use; replaced if others could read it. Raises StoreReadOnlyError."""
    path = home() / FILE
    found = _read(path)
    if found:
        return found
    make_private(path.parent)
    mine = path.with_name(f".{FILE}.{secrets.token_hex(4)}")
    write_whole(mine, secrets.token_urlsafe(_BYTES).encode())
    try:
        with contextlib.suppress(OSError):  # of concurrent processes the first one's secret stays
            os.link(mine, path)
        if not _read(path):
            mine.replace(path)
    finally:
        mine.unlink(missing_ok=True)
    return _read(path)


def _read(path: Path) -> str:
    """The secret, or empty without one that only its user can read."""
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            is_private = not stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077
            return file.read().strip() if is_private else ""
    except FileNotFoundError:
        return ""
