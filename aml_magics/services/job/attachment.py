"""What a cell takes along and gives back: pickled variables of a notebook, which may hold secrets.

On the machine of the notebook they lie in private files. To another machine they travel through the stores that
both reach, which others read, too. There they are encrypted by a key that is in none of them: it lies in a private
file of the submitting machine, and goes to the worker with Dask's connection. So nobody who can write to the stores
can plant a pickle in the cell, or in the notebook that takes what came back.
"""

from __future__ import annotations

import contextlib
import io
import json
import secrets
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aml_magics._optional import optional_module
from aml_magics.errors import StoreCorruptError
from aml_magics.records.artifact import ArtifactRecord
from aml_magics.store.home import make_private, write_whole
from aml_magics.store.store import retried
from aml_magics.store.tables.artifact import HIDDEN

if TYPE_CHECKING:
    from pathlib import Path

    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

RETURNED_NAME: Final = f"{HIDDEN}returned"
"""What a cell on another machine gives back, encrypted; no file of the user's."""

_FEATURE: Final = "Sending the variables of a cell to another machine"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Seal:
    """What opens an attachment in the stores.

    ``run_id`` is the run that it was submitted with: of a trial its sweep, whose trials share one.
    """

    run_id: str
    digest: str
    key: str = field(repr=False)

    @property
    def text(self) -> str:
        """The seal in one line."""
        return json.dumps(asdict(self))

    @classmethod
    def of_text(cls, text: str) -> Seal:
        """The seal of its text."""
        return cls(**json.loads(text))


def given_path(store: Store, run_id: str) -> Path:
    """The private file with a run's attachment, until its script takes it."""
    return store.folder / "jobs" / f"{run_id}.given"


def returned_path(store: Store, run_id: str) -> Path:
    """The private file with what a script gives back, until its notebook takes it."""
    return store.folder / "jobs" / f"{run_id}.returned"


def seal_path(store: Store, run_id: str) -> Path:
    """The private file with the seal of an attachment that travels, until the run has ended."""
    return store.folder / "jobs" / f"{run_id}.seal"


def key_path(store: Store, run_id: str) -> Path:
    """The private file with the key of what comes back, until the notebook has taken it."""
    return store.folder / "jobs" / f"{run_id}.key"


def keep(store: Store, run_id: str, data: bytes, *, is_for_cluster: bool) -> None:
    """Keep an attachment for the worker of a run.

    Args:
        is_for_cluster: whether its worker may be on another machine.

    Raises:
        DependencyError: the package that encrypts is not installed.
        StoreError: it cannot be written.
    """
    make_private(given_path(store, run_id).parent)
    # a cluster reaches a workspace in a folder on its own machine alone, and sees the folder there
    if not is_for_cluster or store.catalogue.is_sqlite or store.blobs.is_local:
        write_whole(given_path(store, run_id), data)
        return
    key = secrets.token_hex(_KEY_BYTES)
    store.identity.check()
    digest, _ = store.blobs.put(io.BytesIO(_encrypted(data, key, _given(run_id))))
    write_whole(seal_path(store, run_id), Seal(run_id, digest, key).text.encode())
    write_whole(key_path(store, run_id), key.encode())


def seal_of(store: Store, run_id: str) -> str:
    """The text of the seal of a run's attachment; empty if none travels."""
    try:
        return seal_path(store, run_id).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def forget(store: Store, run_id: str) -> None:
    """Remove a run's attachment wherever it is; one in a store that is away now is left to the next call."""
    given_path(store, run_id).unlink(missing_ok=True)
    if text := seal_of(store, run_id):
        with contextlib.suppress(OSError):
            _remove_given(store, run_id, Seal.of_text(text))
            seal_path(store, run_id).unlink(missing_ok=True)


def fetch(store: Store, run_id: str, seal: Seal) -> None:
    """Bring an attachment from the stores to a private file of this machine, and remove it there.

    Raises:
        DependencyError: the package that decrypts is not installed.
        ArtifactNotFoundError: it is gone.
        StoreCorruptError: it was changed.
    """
    copy = io.BytesIO()
    store.blobs.copy(seal.digest, copy, f"What run {run_id} takes along")
    make_private(given_path(store, run_id).parent)
    data = _decrypted(copy.getvalue(), seal.key, _given(seal.run_id))
    write_whole(given_path(store, run_id), data)
    with contextlib.suppress(OSError):  # the submitting machine removes it when the run has ended
        _remove_given(store, run_id, seal)


def send_back(store: Store, record: RunRecord, seal: Seal) -> None:
    """Send what a script gives back to the machine of its notebook; no effect if it gives nothing.

    Raises:
        StoreError: the stores cannot be written.
    """
    path = returned_path(store, record.id)
    if not path.exists():
        return
    sent = _encrypted(path.read_bytes(), seal.key, _returned(record.id))
    digest, size = store.blobs.put(io.BytesIO(sent))
    row = ArtifactRecord(RETURNED_NAME, digest, size, time.time())
    store.catalogue.transact(
        lambda connection: store.artifacts.put(connection, record.key, [row]), durable=True
    )
    path.unlink()


def read_returned(store: Store, record: RunRecord) -> bytes | None:
    """What the script of an ended run gave back; None if that is nothing, or was taken.

    Raises:
        StoreCorruptError: it was changed on its way.
    """
    path, key = returned_path(store, record.id), key_path(store, record.id)
    if path.exists():
        return path.read_bytes()
    if not key.exists() or (sent := _sent_back(store, record)) is None:
        return None
    copy = io.BytesIO()
    store.blobs.copy(sent.digest, copy, f"What run {record.id} gave back")
    return _decrypted(copy.getvalue(), key.read_text(encoding="ascii"), _returned(record.id))


def forget_returned(store: Store, record: RunRecord) -> None:
    """Remove what the script of an ended run gave back, wherever it is."""
    returned_path(store, record.id).unlink(missing_ok=True)
    key = key_path(store, record.id)
    if not key.exists():
        return
    if (sent := _sent_back(store, record)) is not None:

        def remove(connection: sa.Connection) -> None:
            store.artifacts.remove(connection, record.key, RETURNED_NAME)

        store.catalogue.transact(remove)
        with contextlib.suppress(OSError):  # without its key it is worth nothing
            store.blobs.remove(sent.digest)
    key.unlink(missing_ok=True)


@retried
def _sent_back(store: Store, record: RunRecord) -> ArtifactRecord | None:
    with store.catalogue.read() as connection:
        return store.artifacts.get(connection, record.key, RETURNED_NAME)


def _remove_given(store: Store, run_id: str, seal: Seal) -> None:
    if seal.run_id == run_id:  # other trials of a sweep need it
        store.blobs.remove(seal.digest)


def _given(run_id: str) -> bytes:
    return f"given {run_id}".encode()


def _returned(run_id: str) -> bytes:
    return f"returned {run_id}".encode()


def _cipher(key: str) -> Any:  # noqa: ANN401 -- of an optional package
    aead = optional_module("cryptography.hazmat.primitives.ciphers.aead", _FEATURE)
    return aead.AESGCM(bytes.fromhex(key))


def _encrypted(data: bytes, key: str, meant: bytes) -> bytes:
    """The data by AES-256-GCM after its nonce; ``meant`` is what it is for, and it opens as nothing else."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    encrypted: bytes = _cipher(key).encrypt(nonce, data, meant)
    return nonce + encrypted


def _decrypted(data: bytes, key: str, meant: bytes) -> bytes:
    invalid = optional_module("cryptography.exceptions", _FEATURE).InvalidTag
    try:
        plain: bytes = _cipher(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], meant)
    except (invalid, ValueError) as error:
        raise StoreCorruptError(
            f"The variables of a cell are opened by the key of their run ({meant.decode()}), and these were written with "
            "another or changed on their way; send the cell again."
        ) from error
    return plain
