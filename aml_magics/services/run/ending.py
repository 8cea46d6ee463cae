"""The only way a run ends: its points are read in and its status set, in one transaction."""

from __future__ import annotations

import shlex
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import RunFinishedError, RunNotFoundError
from aml_magics.records.run import RESTORABLE_SECONDS
from aml_magics.records.status import ACTIVE, RunStatus
from aml_magics.records.value import plain_text
from aml_magics.services.process.job_secret import forget_within
from aml_magics.services.run.ingest import (
    JournalName,
    ingest_within,
    journals_of,
    retire,
)
from aml_magics.services.run.log import keep_log
from aml_magics.services.run.open_runs import open_runs
from aml_magics.store.catalogue.schema import run
from aml_magics.store.store import retried
from aml_magics.store.tables.run import error_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import sqlalchemy as sa

    from aml_magics.records.run import RunError, RunRecord
    from aml_magics.store.store import Store

_NOT_OVER: Final = {"started": None, "ended": None, "duration": None}


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
    lost_by: str | None = None,
) -> dict[str, Any] | None:
    """Give a run its final status; a step of a pipeline that failed and has tries left is *Queued* instead.

    Args:
        status: a terminal status.
        reason: one line for people.
        ours: whether this process ran it, so that its journal and log are complete.
        is_submitted: whether it has a job, whose secrets are removed; looked up for a run that is not ours.
        when: the end, in seconds since the epoch; now if None.
        expected: statuses from which the run may move.
        lost_by: the id of a dead owner: nothing happens if another owns the run by now, such as a further attempt of it.

    Returns:
        The changed columns, or None if another process ended the run first; its points are kept in either case.
    """
    runs = open_runs(store)
    if ours and (writer := runs.writer(key)) is not None:
        writer.close()  # raises while points wait for room on the device: the run stays open
    files = _done_journals(store, key, ours=ours)
    now = time.time() if when is None else when
    duration = runs.seconds(key) if ours else None
    values = _columns(now, reason, error)
    if duration is not None:
        values["duration"] = duration
    retired = runs.retired()

    def work(connection: sa.Connection) -> tuple[bool, list[int]]:
        store.marks.forget(connection, retired)
        bad = [ingest_within(store, connection, path, key) for path in files]
        if duration is None:
            values["duration"] = store.runs.elapsed(connection, key, now)
        if lost_by is not None and not _is_owned(store, connection, key, lost_by):
            return False, bad
        moved = _move(store, connection, key, status, values, expected)
        if moved and (is_submitted or not ours):
            forget_within(store, connection, key)
        return moved, bad

    moved, bad = store.catalogue.transact(work, durable=True)
    if ours:  # only now: if the catalogue failed, the run can be ended again
        runs.end(key)
    runs.forget_retired(retired)
    for path, damaged in zip(files, bad, strict=True):
        retire(store, path, damaged)
    if moved or ours:  # a run resumed meanwhile still writes its log
        keep_log(store, key)
    return values if moved else None


def _is_owned(store: Store, connection: sa.Connection, key: int, owner: str) -> bool:
    store.runs.lock(connection, [key])
    found = store.runs.by_keys(connection, [key])
    # one that is Queued although it has an owner was ended already, and waits for another try
    return [one.owner for one in found if one.status is not RunStatus.QUEUED] == [owner]


def _move(
    store: Store,
    connection: sa.Connection,
    key: int,
    status: RunStatus,
    values: dict[str, Any],
    expected: Iterable[RunStatus],
) -> bool:
    """Set the final status, or that of a step between two tries; False if another process was first.

    That is *Queued*, and the run still has its owner, so that no other worker takes it before its pipeline lets
    it, once this one has gone. Its error is that of the try.
    """
    failed = status is RunStatus.FAILED
    if failed and (why := _next_try(store, connection, key, values["reason"])):
        status, values = RunStatus.QUEUED, {**values, **_NOT_OVER, "reason": why}
    return store.runs.move(connection, key, status, values, expected=expected)


def _next_try(store: Store, connection: sa.Connection, key: int, reason: str) -> str:
    """Why a failed run is to be tried again; empty if it is no step, or has no try left, or its pipeline ends.

    A try is what a worker has begun: where none could, another will not.
    """
    step = store.pipeline_runs.step(connection, key)
    if step is None or step.tries == 0:
        return ""
    most = store.pipeline_runs.tries(connection, step)
    found = {one.key: one for one in store.runs.by_keys(connection, [key, step.pipeline_key])}
    run, pipeline = found.get(key), found.get(step.pipeline_key)
    if step.tries >= most or run is None or run.owner is None or run.cancel_requested:
        return ""
    if pipeline is None or pipeline.status.is_terminal or pipeline.cancel_requested:
        return ""
    return f"Try {step.tries} of {most} failed: {reason}"[:300]


def end_unstarted(
    store: Store,
    reasons: Mapping[int, str],
    status: RunStatus,
    note: Callable[[sa.Connection, set[int]], None],
) -> set[int]:
    """End runs that never started, in one transaction: there is nothing of theirs to read in.

    Args:
        reasons: a line for people by the key of a run.
        status: a terminal status.
        note: called within the transaction with the keys of those that were ended.

    Returns:
        The keys of those that had not started; the others go on.
    """
    now = time.time()

    def work(connection: sa.Connection) -> set[int]:
        ended = set()
        for key, reason in reasons.items():
            values = _columns(now, plain_text(reason)[:300], None)
            waiting = [RunStatus.NOT_STARTED]
            if store.runs.move(connection, key, status, values, expected=waiting):
                forget_within(store, connection, key)
                ended.add(key)
        note(connection, ended)
        return ended

    return store.catalogue.transact(work, durable=True)


def finish(
    store: Store,
    record: RunRecord,
    status: RunStatus,
    reason: str = "",
    error: RunError | None = None,
) -> RunRecord:
    """End a run of this process; no effect if it already has this status. Raises RunFinishedError for another."""
    if error is not None:
        error = replace(
            error, message=plain_text(error.message), traceback=plain_text(error.traceback)
        )
    values = end(store, record.key, status, reason=plain_text(reason), error=error)
    if values is not None:
        set_ = {name: values[name] for name in ("ended", "duration", "reason")}
        return replace(record, status=status, error=error, **set_)
    found = current(store, record.id)
    if found.status is not status:
        raise RunFinishedError(
            f"Run {found.name!r} is {found.status} already and cannot become {status}; resume it or start a new run."
        )
    return found


@retried
def current(store: Store, run_id: str) -> RunRecord:
    """The catalogue's record of a run, without recovery as in ``run.get``; raises RunNotFoundError."""
    with store.catalogue.read() as connection:
        found = store.runs.get(connection, [plain_text(run_id)])
        if found:
            return found[0]
        refuse_deleted(store, connection, plain_text(run_id))
    raise RunNotFoundError(
        f"No run {run_id!r:.300} in workspace {store.record.name!r}; `%aml runs` lists them."
    )


def refuse_deleted(store: Store, connection: sa.Connection, text: str) -> None:
    """Raise RunNotFoundError if a run with this id, id's prefix or name was deleted; it says until when it returns."""
    for one in find_deleted(store, connection, text)[:1]:
        until = datetime.fromtimestamp((one.deleted or 0) + RESTORABLE_SECONDS, UTC)
        raise RunNotFoundError(
            f"Run {one.name!r} was deleted; `%aml restore {shlex.quote(text)}` brings it back until {until:%Y-%m-%d}."
        )


def find_deleted(store: Store, connection: sa.Connection, text: str) -> list[RunRecord]:
    """Deleted runs with this id, else this name, else an id that starts with the text; the latest first."""
    for where in (run.c.id == text, run.c.name == text, run.c.id.startswith(text, autoescape=True)):
        if text and (found := store.runs.deleted(connection, where, limit=5)):
            return found
    return []


def _columns(now: float, reason: str, error: RunError | None) -> dict[str, Any]:
    return {
        "ended": now,
        "reason": reason,
        "error": error_column(error),
        "cancel_requested": False,
    }


@retried
def _done_journals(store: Store, key: int, *, ours: bool) -> list[Path]:
    """The run's complete journals: this process's own, and those of dead processes."""
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
