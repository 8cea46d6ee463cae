"""What is read of a service: its row, its revisions, and what its supervisor tells in its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from aml_magics.services.service import registry
from aml_magics.services.service.folder import service_folder
from aml_magics.views.run.log import log_lines

if TYPE_CHECKING:
    from aml_magics.records.service import Revision, ServiceRecord
    from aml_magics.store.store import Store


class ReplicaStatus(msgspec.Struct, frozen=True):
    """A replica as its supervisor sees it; ``since`` in seconds since the epoch, ``memory`` in bytes."""

    pid: int = 0
    revision: int = 0
    version: str = ""
    state: str = ""
    since: float = 0.0
    restarts: int = 0
    busy: int = 0
    waiting: int = 0
    memory: int = 0


class Status(msgspec.Struct, frozen=True):
    """The supervisor's own words: ``status.json``."""

    state: str = ""
    revision: int = 0
    time: float = 0.0
    replicas: tuple[ReplicaStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceSource:
    """All that is read of a service for a screen."""

    record: ServiceRecord
    revisions: tuple[Revision, ...]
    status: Status
    log_size: int
    log_tail: tuple[str, ...]


LOG: Final = "log.txt"
TAIL: Final = 20
_TAIL_BYTES: Final = 1 << 14


def read(store: Store, name: str) -> ServiceSource:
    """Read a service; ServiceNotFoundError if there is none."""
    record = registry.get(store, name)
    with store.catalogue.read() as connection:
        revisions = store.services.revisions(connection, record.key)
    size, tail = log_tail(store, record)
    return ServiceSource(record, tuple(revisions), status_of(store, record), size, tail)


def status_of(store: Store, record: ServiceRecord) -> Status:
    """What the supervisor said last; nothing before it did."""
    try:
        data = (service_folder(store, record) / "status.json").read_bytes()
        return msgspec.json.decode(data, type=Status)
    except (FileNotFoundError, msgspec.DecodeError):  # none, or one that is being written
        return Status()


def log_tail(
    store: Store, record: ServiceRecord, most: int = TAIL, room: int = _TAIL_BYTES
) -> tuple[int, tuple[str, ...]]:
    """The bytes of the log, and its last lines as a terminal would leave them.

    Args:
        room: bytes that are read.
    """
    try:
        with (service_folder(store, record) / LOG).open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - room))
            data = stream.read()
    except FileNotFoundError:
        return 0, ()
    if len(data) < size:
        data = data[data.find(b"\n") + 1 :]  # the rest of a line
    return size, tuple(log_lines(data.decode("utf-8", "replace"))[-most:])
