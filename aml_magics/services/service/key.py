"""Keys and tokens of a service: a private file in its folder, which its replicas read."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidServiceError
from aml_magics.records.token import sign
from aml_magics.services.service.folder import service_folder
from aml_magics.services.service.process import notify
from aml_magics.store.home import make_private, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.service import ServiceRecord
    from aml_magics.store.store import Store

WHICH: Final = ("primary", "secondary")
_BYTES: Final = 24


def keys_path(store: Store, record: ServiceRecord) -> Path:
    """The file with the keys of a service; only its owner reads it."""
    return service_folder(store, record) / "keys.json"


def ensure_keys(store: Store, record: ServiceRecord) -> Path:
    """Make the keys of a service, unless it has some; returns their file."""
    path = keys_path(store, record)
    if not path.exists():
        made = {name: secrets.token_urlsafe(_BYTES) for name in (*WHICH, "token_secret")}
        _write(path, made)
    return path


def keys(store: Store, record: ServiceRecord) -> tuple[str, str]:
    """The primary and the secondary key."""
    found = _read(store, record)
    return found["primary"], found["secondary"]


def regenerate(store: Store, record: ServiceRecord, which: str, value: str | None = None) -> str:
    """Replace a key, by a value or by chance; returns the new one. The old one is refused from now on.

    Raises:
        InvalidServiceError: ``which`` is neither primary nor secondary.
    """
    wanted = which.strip().lower()
    if wanted not in WHICH:
        raise InvalidServiceError(
            f"A service has a primary and a secondary key, and none named {which!r:.40}."
        )
    new = value or secrets.token_urlsafe(_BYTES)
    _write(keys_path(store, record), {**_read(store, record), wanted: new})
    notify(store, record)
    return new


def token(store: Store, record: ServiceRecord, lifetime: float) -> str:
    """A token that the service takes for ``lifetime`` seconds."""
    return sign(_read(store, record)["token_secret"], record.name, time.time() + lifetime)


def _read(store: Store, record: ServiceRecord) -> dict[str, str]:
    found: dict[str, str] = json.loads(ensure_keys(store, record).read_bytes())
    return found


def _write(path: Path, content: dict[str, str]) -> None:
    make_private(path.parent)
    write_whole(path, json.dumps(content).encode())
