"""Secrets of a workspace: a private file of this user on this machine, which is not in the catalogue."""

from __future__ import annotations

import fcntl
import json
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aml_magics.errors import (
    InvalidArgumentError,
    InvalidNameError,
    SecretNotFoundError,
    StoreCorruptError,
    did_you_mean,
)
from aml_magics.records.name import SECRET, check_name
from aml_magics.store.home import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from aml_magics.store.store import Store

FILE: Final = "secrets.json"
_NAME: Final = re.compile(r"[0-9A-Za-z-]+")
_PRIVATE: Final = 0o600


def secrets_of(store: Store) -> dict[str, str]:
    """All secrets of a workspace by name.

    Raises:
        StoreCorruptError: the file is no JSON of texts.
    """
    path = _path(store)
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return {}
    try:
        found = json.loads(text)
        if all(isinstance(value, str) for value in found.values()):
            return dict(found)
    except (ValueError, AttributeError):  # the error would show the text
        pass
    raise StoreCorruptError(
        f"{path} is no JSON object of texts; put it back from a backup, or remove it and set the secrets again."
    )


def set_secrets(store: Store, secrets: Mapping[str, str]) -> None:
    """Set secrets; others stay. All of them are set or none.

    Raises:
        InvalidNameError: a name has other characters than letters, digits and dashes.
        InvalidArgumentError: a value is no text.
    """
    for name, value in secrets.items():
        _check(name)
        if not isinstance(value, str):
            raise InvalidArgumentError(
                f"The value of secret {name!r} is text, not {type(value).__name__}; str(value) makes it one."
            )
    with _locked(store):
        _write(store, {**secrets_of(store), **secrets})


def delete_secrets(store: Store, names: Sequence[str]) -> None:
    """Remove secrets; all of them or none.

    Raises:
        SecretNotFoundError: one of them is not there.
    """
    with _locked(store):
        kept = secrets_of(store)
        for name in names:
            if name not in kept:
                raise SecretNotFoundError(
                    f"Workspace {store.record.name!r} has no secret {name!r:.80}.{did_you_mean(str(name), kept)} "
                    "keyvault.list_secrets() lists them."
                )
        _write(store, {name: value for name, value in kept.items() if name not in names})


def _check(name: object) -> None:
    clean = check_name(name, SECRET)
    if clean != name or not _NAME.fullmatch(clean):
        raise InvalidNameError(
            f"The name of a secret has letters, digits and dashes only, as in Azure's key vault; {name!r:.80} has others."
        )


def _write(store: Store, secrets: Mapping[str, str]) -> None:
    write_whole(_path(store), json.dumps(dict(secrets), indent=2, sort_keys=True).encode())


def _path(store: Store) -> Path:
    return store.folder / FILE


@contextmanager
def _locked(store: Store) -> Iterator[None]:
    """Between reading and writing no other process of this user writes."""
    handle = os.open(store.folder / "secrets.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
