"""Masking secrets in the log that a script writes by itself."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreError, StoreReadOnlyError
from aml_magics.records.secret import byte_masker, remember
from aml_magics.services.process.job_secret import secrets_in
from aml_magics.services.run.log import log_path
from aml_magics.services.workspace.keyvault import secrets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from aml_magics.records.job import JobRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

PIECE: Final = 1 << 22
_AGAIN: Final = 4096
"""So many bytes are looked at once more: a secret may have been written in two parts."""

_log = logging.getLogger("aml_magics.worker")


class LogMask:
    """Puts stars in the place of secrets, as many as they have bytes, while the script appends.

    So places in the log stay what they are for those who follow it, and a worker that dies takes
    nothing of the script's output with it.

    Args:
        path: the log.
        mask: gives bytes without their secrets, of the same length.
    """

    def __init__(self, path: Path, mask: Callable[[bytes], bytes]) -> None:
        self._path = path
        self._mask = mask
        self._done = 0

    def sync(self, *, is_last: bool = False) -> None:
        """Mask what is new: a piece of it, all of it at last."""
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
        """Mask one piece; whether there may be more."""
        start = max(0, self._done - _AGAIN)
        data = os.pread(handle, PIECE, start)
        masked = self._mask(data)
        if masked != data:
            os.pwrite(handle, masked, start)
        self._done = start + len(data)
        return len(data) == PIECE


def mask_log(
    store: Store, record: RunRecord, job: JobRecord, variables: Mapping[str, str]
) -> LogMask:
    """What masks in the log of a run all secrets that its script is given or could ask for."""
    remember(secrets_in(job))
    try:
        secrets_of(store)  # which are remembered
    except StoreError as error:  # the script may have no use for them
        _log.warning("Secrets of the key vault cannot be masked: %s", error)
    return LogMask(log_path(store, record), byte_masker(variables))
