"""A run that is written and never committed: after that the scheduler has what a worker needs in its memory.

SQLAlchemy compiles a statement when it is first executed, and that takes far longer than to execute it. Each worker
is a process of its own, so each would compile the same ones; but a fork has all that was compiled before it.
"""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from aml_magics.records.artifact import ArtifactRecord
from aml_magics.records.job import JobRecord
from aml_magics.records.run import RunRecord
from aml_magics.records.status import RunStatus
from aml_magics.services.process.job_secret import forget_within
from aml_magics.services.run.run import insert_run

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.store.store import Store


class _UndoneError(Exception):
    """Rolls the rehearsal back."""


def rehearse(store: Store, key: int) -> None:
    """Execute the statements of a run from its claim to its end, and undo them.

    Args:
        key: of a run that is there; the names of its fields are read, since names that are undone must not be
            remembered.

    Raises:
        StoreError: the store cannot be written to.
    """
    with store.catalogue.read() as connection:
        store.runs.by_keys(connection, [key])
    with suppress(_UndoneError):
        store.catalogue.transact(lambda connection: _run(store, connection))


def _run(store: Store, connection: sa.Connection) -> NoReturn:
    now, name = time.time(), str(uuid.uuid4())
    status = RunStatus.QUEUED
    new = RunRecord(key=0, id=name, experiment=name, number=0, name="", status=status, created=now)
    key = insert_run(store, connection, new, None)[0].key
    store.jobs.add(connection, JobRecord(key, store.owner.host))
    store.jobs.get(connection, key)
    # another name: this process's own would become that of an owner of runs
    owner = store.owners.ensure(connection, replace(store.owner, id=name))
    store.owners.beat(connection, name)
    claimed = {"owner": owner, "reason": ""}
    store.runs.move(connection, key, RunStatus.PREPARING, claimed, expected=[status])
    store.runs.by_keys(connection, [key])
    store.sources.of(connection, key)
    store.experiments.get(connection, name)
    store.runs.move(connection, key, RunStatus.RUNNING, {"started": now})
    store.runs.move(connection, key, RunStatus.RUNNING, {**claimed, "started": now})
    log = ArtifactRecord(name="log", digest="", size=0, created=now)
    store.artifacts.put(connection, key, [log])
    ended = {"ended": now, "reason": "", "error": None, "cancel_requested": False, "duration": 0.0}
    store.runs.move(connection, key, RunStatus.COMPLETED, ended)
    forget_within(store, connection, key)
    raise _UndoneError
