"""A workspace's secrets: a private file of this user on this machine, not in the catalogue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aml_magics.errors import (
    InvalidArgumentError,
    InvalidNameError,
    SecretNotFoundError,
    did_you_mean,
)
from aml_magics.records.name import SECRET, check_name
from aml_magics.records.secret import remember
from aml_magics.store.files.secret_file import SecretFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.store.store import Store

FILE: Final = "secrets.json"
_NAME: Final = re.compile(r"[0-9A-Za-z-]+")


def secrets_of(store: Store) -> dict[str, str]:
    """All secrets by name; raises StoreCorruptError if the file is not JSON of texts."""
    found = _file(store).read()
    remember(found.values())  # exceptions and logs of this process must not show them
    return found


def set_secrets(store: Store, secrets: Mapping[str, str]) -> None:
    """Set secrets, all or none; others stay.

    Raises:
        InvalidNameError: a name has characters other than letters, digits and dashes.
        InvalidArgumentError: a value is not text.
    """
    for name, value in secrets.items():
        _check(name)
        if not isinstance(value, str):
            raise InvalidArgumentError(
                f"The value of secret {name!r} is text, not {type(value).__name__}; str(value) makes it one."
            )
    remember(secrets.values())
    file = _file(store)
    with file.locked():
        file.write({**file.read(), **secrets})


def delete_secrets(store: Store, names: Sequence[str]) -> None:
    """Remove secrets, all or none; raises SecretNotFoundError if one is missing."""
    file = _file(store)
    with file.locked():
        kept = file.read()
        for name in names:
            if name not in kept:
                raise SecretNotFoundError(
                    f"Workspace {store.record.name!r} has no secret {name!r:.80}.{did_you_mean(str(name), kept)} "
                    "keyvault.list_secrets() lists them."
                )
        file.write({name: value for name, value in kept.items() if name not in names})


def _check(name: object) -> None:
    clean = check_name(name, SECRET)
    if clean != name or not _NAME.fullmatch(clean):
        raise InvalidNameError(
            f"The name of a secret has letters, digits and dashes only, as in Azure's key vault; {name!r:.80} has others."
        )


def _file(store: Store) -> SecretFile:
    return SecretFile(store.folder / FILE, "remove it and set the secrets again")
