"""A private file of this user and machine with named texts, outside of the catalogue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import StoreCorruptError
from aml_magics.store.home import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

_PRIVATE: Final = 0o600


class SecretFile:
    """Named texts as JSON that only the owner can read.

    Args:
        path: a lock file lies beside it.
        remedy: what to do if the file is damaged, for the message.
    """

    def __init__(self, path: Path, remedy: str) -> None:
        self._path = path
        self._remedy = remedy

    def read(self) -> dict[str, str]:
        """All texts by name; empty without a file, StoreCorruptError if it is not valid JSON."""
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        try:
            found = json.loads(text)
            if all(isinstance(value, str) for value in found.values()):
                return dict(found)
        except (ValueError, AttributeError):  # the original error would show the text
            pass
        raise StoreCorruptError(
            f"{self._path} is no JSON object of texts; put it back from a backup, or {self._remedy}."
        )

    def write(self, texts: Mapping[str, str]) -> None:
        """Replace all texts atomically."""
        write_whole(self._path, json.dumps(dict(texts), indent=2, sort_keys=True).encode())

    def settings(self, name: str) -> dict[str, Any]:
        """The settings that are kept under a name, empty if there are none; raises StoreCorruptError."""
        kept = self.read().get(name)
        return {} if kept is None else dict(json.loads(kept))

    def set_settings(self, name: str, settings: Mapping[str, Any]) -> None:
        """Replace the settings of a name, plain JSON; empty ones remove it. Raises StoreCorruptError."""
        with self.locked():
            kept = self.read()
            kept.pop(name, None)
            if settings:
                kept[name] = json.dumps(dict(settings), sort_keys=True)
            self.write(kept)

    def locked(self) -> AbstractContextManager[object]:
        """Keeps other processes of this user from writing between a read and a write."""
        from filelock import FileLock  # loaded only to set a secret

        return FileLock(self._path.with_suffix(".lock"), mode=_PRIVATE)
