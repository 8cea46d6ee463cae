"""Runs are deleted, restored, and removed for good."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import RunNotFoundError, RunStateError
from aml_magics.records.run import RESTORABLE_SECONDS
from aml_magics.records.status import TERMINAL
from aml_magics.records.value import plain_text
from aml_magics.services.run.artifact import forget_unsent
from aml_magics.services.run.ending import find_deleted
from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.store.catalogue.schema import experiment as experiments
from aml_magics.store.catalogue.schema import run as table
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_AT_ONCE: Final = 500
"""Runs removed in one transaction, which holds up all other writers."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """Deleted runs: their number with all children, and until when they can be restored (epoch seconds)."""

    count: int
    until: float


def delete(store: Store, run_ids: Iterable[str]) -> Deletion:
    """Delete ended runs with their children, all or none; they vanish from every list at once.

    Their rows and files stay for ``RESTORABLE_SECONDS``. A run that is deleted already is left as it is.

    Raises:
        RunNotFoundError: there is no run with one of these ids.
        RunStateError: one of the runs, or of their children, has not ended.
    """
    ids = _ids(run_ids)
    now = time.time()
    recover_now_and_then(store)  # a run whose process died is not open any more

    def work(connection: sa.Connection) -> Deletion:
        there = store.runs.get(connection, ids)
        gone = store.runs.deleted(connection, table.c.id.in_(ids))
        _refuse_missing(store, ids, [*there, *gone])
        keys = store.runs.with_descendants(connection, [run.key for run in there])
        store.runs.lock(connection, keys)
        keys = [
            run.key for run in store.runs.by_keys(connection, keys)
        ]  # a child may be deleted already
        store.runs.mark_deleted(connection, keys, now, TERMINAL)
        still = store.runs.by_keys(connection, keys)
        if still:
            raise RunStateError(
                f"Run {still[0].name!r} is {still[0].status} and cannot be deleted; cancel it first: "
                f"`%aml cancel {still[0].id}`. Nothing was deleted."
            )
        until = min([now, *(run.deleted or now for run in gone)]) + RESTORABLE_SECONDS
        return Deletion(len(keys), until)

    return store.catalogue.transact(work, durable=True)


def restore(store: Store, run_ids: Iterable[str]) -> list[RunRecord]:
    """Bring deleted runs back, each with the children that were deleted with it, and its parents.

    A run that is not deleted is left as it is.

    Raises:
        RunNotFoundError: there is no run with one of these ids; a deleted one may be removed for good by now.
    """
    ids = _ids(run_ids)

    def work(connection: sa.Connection) -> list[RunRecord]:
        gone = store.runs.deleted(connection, table.c.id.in_(ids))
        _refuse_missing(store, ids, [*gone, *store.runs.get(connection, ids)])
        keys: set[int] = set()
        for run in gone:
            below = store.runs.with_descendants(connection, [run.key])
            together = store.runs.deleted(
                connection, table.c.key.in_(below), table.c.deleted == run.deleted
            )
            keys |= {one.key for one in together}
            parent = run.parent
            while parent is not None:
                above = store.runs.deleted(connection, table.c.id == parent)
                keys |= {one.key for one in above}
                parent = above[0].parent if above else None
        store.runs.unmark_deleted(connection, sorted(keys))
        store.runs.mark_edited(connection, sorted(keys))
        return store.runs.get(connection, ids)

    return store.catalogue.transact(work, durable=True)


@retried
def deleted_run(store: Store, text: str) -> RunRecord:
    """The deleted run with an id, a name or the start of an id; of a name the one deleted last.

    Raises:
        RunNotFoundError: no deleted run matches, or several ids start with the text.
    """
    wanted = plain_text(text).strip()
    with store.catalogue.read() as connection:
        found = find_deleted(store, connection, wanted)
        known = store.runs.deleted(connection, limit=5)
    if len(found) == 1 or (found and wanted == found[0].name):
        return found[0]
    if found:
        listed = ", ".join(run.id for run in found[:4])
        raise RunNotFoundError(
            f"{len(found)} deleted runs begin with {wanted!r}: {listed}…; give more of the id."
        )
    near = ", ".join(repr(run.name) for run in known)
    listed = f"Deleted last: {near}." if known else "None is deleted now."
    raise RunNotFoundError(
        f"No deleted run {wanted!r:.300} in workspace {store.record.name!r}. {listed}"
    )


@retried
def deleted_runs(
    store: Store,
    limit: int | None = None,
    *,
    ids: Iterable[str] | None = None,
    experiment: str | None = None,
) -> list[RunRecord]:
    """The runs that can be restored, the latest deletion first; all, or those with some ids, or of an experiment."""
    conditions: list[sa.ColumnElement[bool]] = [] if ids is None else [table.c.id.in_(_ids(ids))]
    if experiment is not None:
        conditions.append(experiments.c.name == plain_text(experiment))
    with store.catalogue.read() as connection:
        return store.runs.deleted(connection, *conditions, limit=limit)


def purge(store: Store, *, older_than: float = RESTORABLE_SECONDS) -> int:
    """Remove the runs for good that were deleted this many seconds ago or earlier; returns their number."""
    before = time.time() - older_than
    is_due = table.c.deleted <= before
    total = 0
    while True:
        with store.catalogue.read() as connection:
            keys = [run.key for run in store.runs.deleted(connection, is_due, limit=_AT_ONCE)]
        if not keys:
            return total

        def work(connection: sa.Connection, keys: list[int] = keys) -> tuple[int, Leftover]:
            store.runs.lock(connection, keys)
            still = store.runs.deleted(connection, is_due, table.c.key.in_(keys))
            going = [run.key for run in still]  # one may have been restored meanwhile
            return len(going), remove_rows(store, connection, going)

        count, leftover = store.catalogue.transact(work, durable=True)
        remove_files(store, leftover)
        total += count


@dataclass(frozen=True, slots=True)
class Leftover:
    """What is left of runs without rows: digests that nothing else uses, and the ids of the runs."""

    digests: list[str]
    ids: list[str]


def remove_rows(store: Store, connection: sa.Connection, keys: list[int]) -> Leftover:
    """Remove the rows of runs; after the commit :func:`remove_files` removes the files, so that no row lacks its bytes."""
    ids = store.runs.ids(connection, keys)
    # inside the transaction, so that files which another process shares meanwhile are kept
    digests = store.artifacts.digests_only_in(connection, keys) if keys else []
    store.runs.delete(connection, keys)
    return Leftover(digests, list(ids.values()))


def remove_files(store: Store, leftover: Leftover) -> None:
    """Remove the files of runs whose rows are gone."""
    for digest in leftover.digests:
        store.blobs.remove(digest)
    forget_unsent(store, *leftover.ids)


def _ids(run_ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(plain_text(id_) for id_ in run_ids))


def _refuse_missing(store: Store, ids: list[str], found: list[RunRecord]) -> None:
    known = {run.id for run in found}
    for id_ in ids:
        if id_ not in known:
            raise RunNotFoundError(
                f"No run {id_!r:.300} in workspace {store.record.name!r}, not even a deleted one."
            )
