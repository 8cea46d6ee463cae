"""The life of a run: started, found, ended, resumed, described."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import (
    AlreadyExistsError,
    PropertyExistsError,
    RunNotFoundError,
    RunStateError,
    did_you_mean,
)
from aml_magics.records.name import EXPERIMENT, PARAMETER, PROPERTY, RUN, RUN_ID, TAG, check_name
from aml_magics.records.run import RunError, RunRecord, Scalar
from aml_magics.records.status import RESUMABLE, RunStatus
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.services.run.ending import current, finish, refuse_deleted
from aml_magics.services.run.heartbeat import is_beating, start_heartbeat
from aml_magics.services.run.log import continue_log
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.recovery import reap, recover_now_and_then
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import sqlalchemy as sa

    from aml_magics.store.store import Store

LONGEST_REASON: Final = 300


def start(
    store: Store,
    experiment: str,
    *,
    name: str | None = None,
    run_id: str | None = None,
    type: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    properties: Mapping[str, Any] | None = None,
    description: str = "",
    parent: RunRecord | None = None,
) -> RunRecord:
    """Start a run that this process owns; on return it is on disk as Running.

    Args:
        experiment: the experiment's name; made if it is new.
        name: for people; ``<experiment>-<number>`` if None.
        run_id: a random UUID if None.
        type: Azure's run type, None for one that is logged to interactively.
        params: input values, scalars by name.
        properties: text by name, never changed again.

    Raises:
        InvalidNameError: a name breaks its rule.
        AlreadyExistsError: a run with that id exists.
    """
    check_name(experiment, EXPERIMENT)
    id_ = str(uuid.uuid4()) if run_id is None else check_name(run_id, RUN_ID)
    now = time.time()
    new = RunRecord(
        key=0,
        id=id_,
        experiment=experiment.strip(),
        number=0,
        name="" if name is None else check_name(name, RUN),
        status=RunStatus.RUNNING,
        created=now,
        type=type,
        description=plain_text(description),
        started=now,
        parent=parent.id if parent else None,
        owner=store.owner.id,
        params=plain_fields(params or {}, PARAMETER),
        tags=plain_fields(tags or {}, TAG),
        properties=plain_fields(properties or {}, PROPERTY),
    )
    beat = not is_beating(store)  # else this process's last heartbeat may be old
    record = store.catalogue.transact(
        lambda connection: _insert(store, connection, new, parent, beat=beat), durable=True
    )
    open_runs(store).begin(record.key, is_new=True)
    start_heartbeat(store)
    return record


def _insert(
    store: Store, connection: sa.Connection, new: RunRecord, parent: RunRecord | None, *, beat: bool
) -> RunRecord:
    owner_key = store.owners.ensure(connection, store.owner)
    if beat:
        store.owners.beat(connection, store.owner.id)
    return insert_run(store, connection, new, parent, owner_key)[0]


def insert_run(
    store: Store,
    connection: sa.Connection,
    new: RunRecord,
    parent: RunRecord | None,
    owner_key: int | None = None,
) -> tuple[RunRecord, bool]:
    """Insert a run; it gets its key, its number, and a name if it has none.

    Args:
        owner_key: of the process that owns it; None without an owner.

    Returns:
        The run, and whether it was inserted now: an earlier try of the same transaction may have been
        committed although the database went away before it said so.

    Raises:
        AlreadyExistsError: another run with that id exists.
    """
    experiment = store.experiments.ensure(connection, new.experiment, new.created)
    number = store.experiments.next_number(connection, experiment)
    name = new.name or f"{new.experiment}-{number}"
    values: dict[str, Any] = {
        "id": new.id,
        "experiment": experiment,
        "number": number,
        "name": name,
        "type": new.type,
        "status": str(new.status),
        "description": new.description,
        "created": new.created,
        "started": new.started,
        "parent": parent.key if parent else None,
        "target": new.target,
        "owner": owner_key,
    }
    key = store.runs.insert(connection, values)
    if key is None:
        for there in store.runs.get(connection, [new.id]):
            if (there.owner, there.created) == (new.owner, new.created):
                return there, False
        raise AlreadyExistsError(
            f"There is a run {new.id!r} already; leave out the id to get a new one, or resume that run."
        )
    store.fields.put(connection, key, "param", new.params)
    store.fields.put(connection, key, "tag", new.tags)
    store.fields.put(connection, key, "property", new.properties)
    return replace(new, key=key, number=number, name=name), True


def claim(store: Store, key: int, *, is_prepared: bool = False) -> RunRecord | None:
    """Make this process the owner of a queued run; None if another was first, or it is canceled.

    Args:
        is_prepared: whether its script can start: it is Running at once, and never Preparing.
    """
    status = RunStatus.RUNNING if is_prepared else RunStatus.PREPARING
    times = {"started": time.time()} if is_prepared else {}

    def work(connection: sa.Connection) -> tuple[bool, RunRecord]:
        owner_key = store.owners.ensure(connection, store.owner)
        store.owners.beat(connection, store.owner.id)
        values = {"owner": owner_key, "reason": "", **times}
        moved = store.runs.move(connection, key, status, values, expected=[RunStatus.QUEUED])
        return moved, store.runs.by_keys(connection, [key])[0]

    claimed, record = store.catalogue.transact(work, durable=True)
    # the first try may have been committed, with its answer lost
    if not claimed and record.owner != store.owner.id:
        return None
    open_runs(store).begin(key, is_new=True)
    start_heartbeat(store)
    return record


def get(store: Store, run_id: str) -> RunRecord:
    """The run with an id; raises RunNotFoundError."""
    recover_now_and_then(store)
    return current(store, run_id)


@retried
def existing(store: Store, ids: Sequence[str]) -> list[RunRecord]:
    """The runs among these ids that are there, in order."""
    with store.catalogue.read() as connection:
        return store.runs.get(connection, ids)


@retried
def find(store: Store, text: str) -> RunRecord:
    """Find a run by id, an id's prefix, name, or ``last``; the newest of a name.

    Raises:
        RunNotFoundError: no run matches, or several ids have the prefix.
    """
    recover_now_and_then(store)
    text = plain_text(text).strip()
    with store.catalogue.read() as connection:
        if text == "last":
            ids = store.runs.recent_ids(connection, 1)
        else:
            ids = [one.id for one in store.runs.get(connection, [text])] or (
                store.runs.matching(connection, text) if text else []
            )
        found = store.runs.get(connection, ids)
        named = [run for run in found if text in (run.name, run.id)]
        if named or len(found) == 1:
            return (named or found)[0]
        if not found:
            refuse_deleted(store, connection, text)
        recent = store.runs.get(connection, store.runs.recent_ids(connection, 50))
    if found:
        raise RunNotFoundError(
            f"{len(found)} runs begin with {text!r}: {', '.join(run.id for run in found[:4])}…; give more of the id."
        )
    known = [run.name for run in recent] + [run.id for run in recent]
    raise RunNotFoundError(
        f"No run {text!r:.300} in workspace {store.record.name!r}.{did_you_mean(text, known)} `%aml runs` lists them."
    )


@retried
def children(store: Store, record: RunRecord, *, recursive: bool = False) -> list[RunRecord]:
    """The children of a run, newest first; with ``recursive`` all descendants."""
    with store.catalogue.read() as connection:
        level, keys = [record.key], []
        while level:
            level = store.runs.children_of(connection, level)
            keys += level
            if not recursive:
                break
        return store.runs.by_keys(connection, sorted(keys, reverse=True))


def complete(store: Store, record: RunRecord) -> RunRecord:
    """End a run as Completed; no effect if it is already. RunFinishedError if it has Failed or was Canceled."""
    return finish(store, record, RunStatus.COMPLETED)


def fail(store: Store, record: RunRecord, error: RunError | None = None) -> RunRecord:
    """End a run as Failed; no effect if it is already. RunFinishedError if it has Completed or was Canceled."""
    reason = "" if error is None else f"{error.code}: {error.message}".strip().splitlines()[0]
    if len(reason) > LONGEST_REASON:
        reason = f"{reason[: LONGEST_REASON - 1]}…"
    return finish(store, record, RunStatus.FAILED, reason, error)


def leave(store: Store, record: RunRecord) -> None:
    """Leave a run open for recovery after the process's end; StoreFullError while values wait for disk space."""
    runs = open_runs(store)
    if (writer := runs.writer(record.key)) is not None:
        writer.close()
    runs.end(record.key)


def resume(store: Store, record: RunRecord) -> RunRecord:
    """Reopen a Failed or Canceled run as a new attempt owned by this process; its series continue.

    Raises:
        RunStateError: the run is Completed, or still open.
    """
    owner = store.owner
    now = time.time()
    if record.owner != owner.id:
        reap(store)  # its process may have died unnoticed

    def work(connection: sa.Connection) -> bool:
        owner_key = store.owners.ensure(connection, owner)
        store.owners.beat(connection, owner.id)
        values = {
            "owner": owner_key,
            "ended": None,
            "duration": None,
            "reason": "",
            "error": None,
            "attempt": record.attempt + 1,
            "started": now,
        }
        return store.runs.move(
            connection, record.key, RunStatus.RUNNING, values, expected=RESUMABLE
        )

    if not store.catalogue.transact(work, durable=True):
        found = get(store, record.id)
        # as in `start`: the first try may have been committed
        if (found.owner, found.started) != (owner.id, now):
            raise RunStateError(
                f"Run {record.name!r} is {found.status}; only a Failed or Canceled run is resumed. Start a new run instead."
            )
    open_runs(store).begin(record.key, is_new=False)
    continue_log(store, record)
    start_heartbeat(store)
    return get(store, record.id)


def set_tags(store: Store, record: RunRecord, tags: Mapping[str, Any]) -> None:
    """Set tags of a run, ended or not; on return they are on disk."""
    values = plain_fields(tags, TAG)

    def work(connection: sa.Connection) -> None:
        store.fields.put(connection, record.key, "tag", values)
        store.runs.mark_edited(connection, [record.key])

    store.catalogue.transact(work, durable=True)


def remove_tags(store: Store, record: RunRecord, names: Iterable[str]) -> None:
    """Remove tags of a run."""
    listed = list(names)

    def work(connection: sa.Connection) -> None:
        store.fields.remove(connection, record.key, "tag", listed)
        store.runs.mark_edited(connection, [record.key])

    store.catalogue.transact(work, durable=True)


def add_params(store: Store, record: RunRecord, params: Mapping[str, Scalar]) -> None:
    """Set parameters of a run."""
    values = plain_fields(params, PARAMETER)
    store.catalogue.transact(
        lambda connection: store.fields.put(connection, record.key, "param", values), durable=True
    )


def add_properties(store: Store, record: RunRecord, properties: Mapping[str, Any]) -> None:
    """Set new properties of a run; raises PropertyExistsError if one exists, and then sets none."""
    values = plain_fields(properties, PROPERTY)
    tries = 0

    def work(connection: sa.Connection) -> list[str]:
        nonlocal tries
        tries += 1
        return store.fields.add(connection, record.key, "property", values)

    taken = store.catalogue.transact(work, durable=True)
    if taken and tries > 1 and values.items() <= get(store, record.id).properties.items():
        return  # set by an earlier try whose answer was lost
    if taken:
        raise PropertyExistsError(
            f"Properties are written once, and run {record.id} has {', '.join(map(repr, taken))}; use a tag for what changes."
        )
