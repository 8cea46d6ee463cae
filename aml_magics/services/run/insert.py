"""A new run's rows, whoever will execute it: this process, or a worker when its turn comes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aml_magics.errors import AlreadyExistsError

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def insert_run(
    store: Store,
    connection: sa.Connection,
    new: RunRecord,
    parent: RunRecord | None,
    owner_key: int | None = None,
) -> tuple[RunRecord, bool]:
    """Add a run; it gets its key, its number, and its name where it has none.

    Args:
        store: where it is kept.
        connection: of the transaction that adds it.
        new: the run, without a key.
        parent: the run that it is a child of.
        owner_key: of the process that has it; None while nobody has.

    Returns:
        The run, and whether it was added now: an earlier try of the same transaction may have been
        committed although the database went away before it said so.

    Raises:
        AlreadyExistsError: there is another run of that id.
    """
    place = store.experiments.ensure(connection, new.experiment, new.created)
    number = store.experiments.next_number(connection, place)
    name = new.name or f"{new.experiment}-{number}"
    values: dict[str, Any] = {
        "id": new.id,
        "experiment": place,
        "number": number,
        "name": name,
        "type": new.type,
        "status": str(new.status),
        "description": new.description,
        "created": new.created,
        "started": new.started,
        "parent": parent.key if parent else None,
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
