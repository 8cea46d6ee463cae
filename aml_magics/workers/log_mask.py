"""Masking of secrets in the log that a script writes directly."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreError, StoreReadOnlyError
from aml_magics.records.secret import byte_masker, remember
from aml_magics.services.process.job_secret import secrets_in
from aml_magics.services.workspace.keyvault import secrets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from aml_magics.records.job import JobRecord
    from aml_magics.store.store import Store

PIECE: Final = 1 << 22
_AGAIN: Final = 4096
"""Bytes scanned again, since a secret may have been written in two parts."""

_log = logging.getLogger("aml_magics.worker")


class LogMask:
    """Overwrites secrets with as many asterisks as they have bytes, while the script appends.

    So offsets in the log stay valid for its readers, and a worker that dies takes no script output with it.

    Args:
        mask: masks bytes and keeps their length.
    """

    def __init__(self, path: Path, mask: Callable[[bytes], bytes]) -> None:
        self._path = path
        self._mask = mask
        self._done = 0

    def sync(self, *, is_last: bool = False) -> None:
        """Mask a piece of new output; all of it at last."""
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:  # nothing was printed so far
            return
        except OSError as error:
            raise StoreReadOnlyError(
                f"Secrets cannot be masked in {self._path} ({error.strerror}). Make it writable."
            ) from error
        try:
            while self._step(handle) and is_last:
                pass
        finally:
            os.close(handle)

    def _step(self, handle: int) -> bool:
        """Mask one piece; returns whether there may be more."""
        start = max(0, self._done - _AGAIN)
        data = os.pread(handle, PIECE, start)
        masked = self._mask(data)
        if masked != data:
            os.pwrite(handle, masked, start)
        self._done = start + len(data)
        return len(data) == PIECE


def secret_mask(
    store: Store, job: JobRecord, variables: Mapping[str, str]
) -> Callable[[bytes], bytes]:
    """A mask for all secrets that a script is given or could request."""
    remember(secrets_in(job))
    try:
        secrets_of(store)  # registers them as secrets
    except StoreError as error:  # the script may not need them
        _log.warning("Secrets of the key vault cannot be masked: %s", error)
    return byte_masker(variables)
