"""Credentials of datastores: a private file of this user on this machine, which is not in the catalogue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aml_magics.store.files.secret_file import SecretFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.store.store import Store

FILE: Final = "credentials.json"


def credentials_of(store: Store, name: str) -> dict[str, Any]:
    """The credentials of a datastore by setting; none where this machine has none.

    Raises:
        StoreCorruptError: the file is damaged.
    """
    kept = _file(store).read().get(name)
    return {} if kept is None else dict(json.loads(kept))


def set_credentials(store: Store, name: str, credentials: Mapping[str, Any]) -> None:
    """Keep the credentials of a datastore, in place of those that it had; plain JSON.

    Raises:
        StoreCorruptError: the file is damaged.
    """
    file = _file(store)
    with file.locked():
        kept = file.read()
        kept.pop(name, None)
        if credentials:
            kept[name] = json.dumps(dict(credentials), sort_keys=True)
        file.write(kept)


def forget_credentials(store: Store, name: str) -> None:
    """Remove the credentials of a datastore; nothing happens where there are none.

    Raises:
        StoreCorruptError: the file is damaged.
    """
    set_credentials(store, name, {})


def _file(store: Store) -> SecretFile:
    return SecretFile(store.folder / FILE, "remove it and register the datastores again")
