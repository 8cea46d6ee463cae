"""A private file of this user on this machine with texts by name, which is not in the catalogue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreCorruptError
from aml_magics.store.home import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

_PRIVATE: Final = 0o600


class SecretFile:
    """Texts by name, as JSON that only its owner can read.

    Args:
        path: where it is; a lock file lies beside it.
        remedy: what to do where it is damaged, for the message.
    """

    def __init__(self, path: Path, remedy: str) -> None:
        self._path = path
        self._remedy = remedy

    def read(self) -> dict[str, str]:
        """All texts by name; empty where there is no file.

        Raises:
            StoreCorruptError: the file is no JSON of texts.
        """
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        try:
            found = json.loads(text)
            if all(isinstance(value, str) for value in found.values()):
                return dict(found)
        except (ValueError, AttributeError):  # the error would show the text
            pass
        raise StoreCorruptError(
            f"{self._path} is no JSON object of texts; put it back from a backup, or {self._remedy}."
        )

    def write(self, texts: Mapping[str, str]) -> None:
        """Write all texts anew; a kill leaves the old ones or the new ones, whole."""
        write_whole(self._path, json.dumps(dict(texts), indent=2, sort_keys=True).encode())

    def locked(self) -> AbstractContextManager[object]:
        """Between reading and writing no other process of this user writes."""
        from filelock import FileLock  # only who sets a secret waits for it to load

        return FileLock(self._path.with_suffix(".lock"), mode=_PRIVATE)
