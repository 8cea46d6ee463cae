"""The one way in which a run ends: its points read in and its status set, in one transaction."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from aml_magics.records.status import ACTIVE, RunStatus
from aml_magics.services.process.job_secret import forget_within
from aml_magics.services.run.ingest import (
    JournalName,
    forget_retired,
    ingest_within,
    journals_of,
    retire,
)
from aml_magics.services.run.log import keep_log
from aml_magics.store.store import retried
from aml_magics.store.tables.run import error_column

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import sqlalchemy as sa

    from aml_magics.records.run import RunError
    from aml_magics.store.store import Store


def end(
    store: Store,
    key: int,
    status: RunStatus,
    *,
    reason: str = "",
    error: RunError | None = None,
    ours: bool = True,
    is_submitted: bool = False,
    when: float | None = None,
    expected: Iterable[RunStatus] = ACTIVE,
) -> dict[str, Any] | None:
    """Give a run its final status.

    Args:
        store: where it is kept.
        key: the run.
        status: a terminal status.
        reason: one line for people.
        error: what failed.
        ours: whether this process ran it, so that its journal and log are done.
        is_submitted: whether it has a job, whose secrets go; of a run that is not ours it is looked up.
        when: it ended, in seconds since the epoch; now if None.
        expected: statuses from which the run may move.

    Returns:
        The columns that were set, or None where another process ended the run first; its points are
        kept all the same.
    """
    if ours and (writer := store.writers.get(key)) is not None:
        writer.close()  # raises while points wait for room on the device: the run stays open
    files = _done_journals(store, key, ours=ours)
    now = time.time() if when is None else when
    elapsed = store.clocks.get(key) if ours else None
    values = _columns(now, reason, error)
    if elapsed is not None:
        values["duration"] = time.monotonic() - elapsed
    retired = store.retired[:]

    def work(connection: sa.Connection) -> tuple[bool, list[int]]:
        store.marks.forget(connection, retired)
        bad = [ingest_within(store, connection, path, key) for path in files]
        if elapsed is None:
            values["duration"] = store.runs.elapsed(connection, key, now)
        moved = store.runs.move(connection, key, status, values, expected=expected)
        if moved and (is_submitted or not ours):
            forget_within(store, connection, key)
        return moved, bad

    moved, bad = store.catalogue.transact(work, durable=True)
    if ours:  # only now: where the catalogue did not answer, the run can be ended again
        store.forget(key)
    forget_retired(store, retired)
    for path, damaged in zip(files, bad, strict=True):
        retire(store, path, damaged)
    if moved or ours:  # a run that somebody resumed meanwhile still writes its log
        keep_log(store, key)
    return values if moved else None


def _columns(now: float, reason: str, error: RunError | None) -> dict[str, Any]:
    return {
        "ended": now,
        "reason": reason,
        "error": error_column(error),
        "cancel_requested": False,
    }


@retried
def _done_journals(store: Store, key: int, *, ours: bool) -> list[Path]:
    """Journals of the run that nobody writes any more: this process's own, and those of dead ones."""
    files = [(path, name) for path in journals_of(store, key) if (name := JournalName.of(path))]
    others = {name.owner for _, name in files} - {store.owner.id}
    dead: set[str] = set()
    if others:
        with store.catalogue.read() as connection:
            owners = store.owners.get(connection, others)
        dead = {id_ for id_, owner in owners.items() if store.owners.is_alive(owner) is False}
    return [
        path
        for path, name in files
        if name.owner in dead or (ours and name.owner == store.owner.id)
    ]
