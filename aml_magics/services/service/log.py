"""The log of a service: what its processes print."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Final

from aml_magics.services.service.folder import service_folder

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.service import ServiceRecord
    from aml_magics.store.store import Store

LONGEST: Final = 20_000_000
"""Bytes above which a log is moved to ``log.1.txt``."""

INIT_MARK: Final = "--- revision "
"""Begins the line that the supervisor writes before the replicas of a revision start."""

_PIECE: Final = 1 << 20


def log_path(store: Store, record: ServiceRecord) -> Path:
    """The file that the processes of a service print to."""
    return service_folder(store, record) / "log.txt"


def log(store: Store, record: ServiceRecord, lines: int = 5000, init: bool = False) -> str:
    """The last lines of a service's log; with ``init`` those since its newest revision began."""
    path = log_path(store, record)
    found = _tail(path, lines)
    if len(found) < lines:
        found = _tail(path.with_name("log.1.txt"), lines - len(found)) + found
    if init:
        begins = [number for number, line in enumerate(found) if line.startswith(INIT_MARK)]
        found = found[begins[-1] :] if begins else found
    return "".join(found)


def log_from(store: Store, record: ServiceRecord, offset: int) -> tuple[bytes, int]:
    """The bytes from ``offset`` and where they end; from the begin again where the log was rotated."""
    try:
        with log_path(store, record).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(offset if offset <= size else 0)
            found = file.read(_PIECE)
            return found, file.tell()
    except FileNotFoundError:
        return b"", 0


def _tail(path: Path, lines: int) -> list[str]:
    if lines <= 0:
        return []
    try:
        with path.open("rb") as file:
            position = file.seek(0, os.SEEK_END)
            found = b""
            while position and found.count(b"\n") <= lines:
                start = max(0, position - _PIECE)
                file.seek(start)
                found, position = file.read(position - start) + found, start
    except FileNotFoundError:
        return []
    return found.decode("utf-8", "replace").splitlines(keepends=True)[-lines:]


def rotate(path: Path) -> None:
    """Move a long log aside, and let this process print into a new one; replicas notice it themselves."""
    with contextlib.suppress(OSError):  # its folder is gone, and with it the service
        if path.stat().st_size > LONGEST:
            path.replace(path.with_name("log.1.txt"))
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            os.dup2(handle, 1)
            os.dup2(handle, 2)
            os.close(handle)
