"""Rows for the tests of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.store.store import Store


def transact(store: Store, work: Callable[[sa.Connection], Any]) -> Any:
    return store.catalogue.transact(work)


def new_run(store: Store, id_: str = "run-1", **values: Any) -> int:
    def work(connection: sa.Connection) -> int:
        place = store.experiments.ensure(connection, "experiment", 0.0)
        number = store.experiments.next_number(connection, place)
        new = {"id": id_, "experiment": place, "number": number, "name": id_, "status": "Running"}
        rest = dict.fromkeys(("type", "started", "parent", "owner"))
        new = {**rest, **new, "description": "", "created": 5.0, **values}
        key = store.runs.insert(connection, new)
        assert key is not None
        return key

    return int(transact(store, work))


def count(store: Store, table: sa.Table) -> int:
    with store.catalogue.read() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
