"""A worker makes a run that waits its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.records.status import RunStatus
from aml_magics.services.run.heartbeat import start_heartbeat
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.search import records_of

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def claim(store: Store, key: int) -> RunRecord | None:
    """Make this process the owner of a run that waits; None where another was first, or it is canceled."""

    def work(connection: sa.Connection) -> bool:
        owner_key = store.owners.ensure(connection, store.owner)
        store.owners.beat(connection, store.owner.id)
        values = {"owner": owner_key, "reason": ""}
        return store.runs.move(
            connection, key, RunStatus.PREPARING, values, expected=[RunStatus.QUEUED]
        )

    claimed = store.catalogue.transact(work, durable=True)
    record = records_of(store, [key])[0]
    # the database may have gone away after the commit, and the answer of the first try with it
    if not claimed and record.owner != store.owner.id:
        return None
    open_runs(store).begin(key, is_new=True)
    start_heartbeat(store)
    return record
