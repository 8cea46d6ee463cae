"""The order in which processes write to a SQLite catalogue.

SQLite lets one writer in at a time and wakes nobody: a process that waits tries again after ever longer
pauses. So a process that writes without a pause wins again and again, and one of sixteen waits for seconds.
A strict queue costs twice the time, since each commit then waits for another process to wake up. Here each
process tries for a short while; one that has had no turn by then holds up those that come later.

The file that is locked for that is advice, not safety: without it the transactions are as safe, only
less fair. It is opened for each turn, so a fork shares nothing and a kill leaves nothing.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from sqlalchemy import exc

from aml_magics.store.files.lock import try_lock, unlock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sqlalchemy as sa

_TRY_MS: Final = 50
_TRY_AGAIN_MS: Final = 5
_LOOK: Final = 0.002


def begin_write(connection: sa.Connection, catalogue: Path, seconds: float) -> None:
    """Begin a writing transaction, waiting for a fair turn.

    Args:
        connection: to a SQLite catalogue, without a transaction.
        catalogue: its file.
        seconds: maximum wait, after which SQLite's error is raised.
    """
    end = time.monotonic() + seconds
    # SQLite retries after growing pauses. So busy_timeout is set for each phase: 50 ms at first; then 5 ms
    # repeatedly, whose pauses stay short, while the queue lock holds up newcomers; and finally the full time
    # for the statements of the transaction.
    with _queue(catalogue) as queue:
        _let_the_waiting_go_first(queue, end)
        _wait_in_sqlite(connection, min(_TRY_MS, round(seconds * 1000)))
        try:
            while not _begun(connection, end):
                _wait_in_sqlite(connection, _TRY_AGAIN_MS)
                _hold_up_others(queue)
        finally:
            _wait_in_sqlite(connection, round(seconds * 1000))


def _begun(connection: sa.Connection, end: float) -> bool:
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except exc.OperationalError as error:
        if "locked" in str(error.orig) and time.monotonic() < end:
            return False
        raise
    return True


def _wait_in_sqlite(connection: sa.Connection, milliseconds: int) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 -- an open connection has one
    driver.execute(f"PRAGMA busy_timeout={milliseconds}")


@contextmanager
def _queue(catalogue: Path) -> Iterator[int | None]:
    """The open file whose lock holds up newcomers; None if it cannot be created."""
    try:
        opened = os.open(f"{catalogue}-queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:  # a read-only or missing folder: SQLite's error is clearer
        yield None
        return
    try:
        yield opened
    finally:
        os.close(opened)  # and the lock ends with it


def _let_the_waiting_go_first(queue: int | None, end: float) -> None:
    while queue is not None and time.monotonic() < end:
        try:
            if try_lock(queue, shared=True):
                unlock(queue)
                return
        except OSError:  # a file system without locks
            return
        time.sleep(_LOOK)


def _hold_up_others(queue: int | None) -> None:
    if queue is not None:
        with suppress(OSError):  # a file system without locks
            try_lock(queue)  # another process that has waited as long may hold it
