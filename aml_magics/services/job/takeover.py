"""Makes this process the controller of a run, of a sweep or a pipeline, after another one that was killed, too."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.services.run.ending import current
from aml_magics.services.run.heartbeat import start_heartbeat
from aml_magics.services.run.open_runs import open_runs

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def take(store: Store, run_id: str) -> RunRecord | None:
    """Own a run whose lock this process holds; None if it has ended."""
    record = current(store, run_id)
    now = time.time()

    def work(connection: sa.Connection) -> RunRecord | None:
        owner = store.owners.ensure(connection, store.owner)
        store.owners.beat(connection, store.owner.id)
        [found] = store.runs.by_keys(connection, [record.key]) or [record]
        if found.status in TERMINAL:
            return None
        to = RunStatus.CANCEL_REQUESTED if found.cancel_requested else RunStatus.RUNNING
        values: dict[str, Any] = {"owner": owner, "started": found.started or now}
        if to is RunStatus.RUNNING:
            values["reason"] = ""
        moved = store.runs.move(connection, record.key, to, values)
        return store.runs.by_keys(connection, [record.key])[0] if moved else None

    taken = store.catalogue.transact(work, durable=True)
    if taken is None:
        return None
    runs = open_runs(store)
    runs.begin(taken.key, is_new=False)
    runs.begin_earlier(taken.key, max(0.0, now - (taken.started or now)))
    start_heartbeat(store)
    return taken
