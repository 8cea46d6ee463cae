"""The smallest use of a catalogue: one table `t` of one column `v`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from aml_magics.store.catalogue.catalogue import Catalogue


def make(catalogue: Catalogue) -> None:
    catalogue.transact(
        lambda c: c.exec_driver_sql("CREATE TABLE t (v INTEGER PRIMARY KEY)"), durable=True
    )


def add(catalogue: Catalogue, value: int, *, durable: bool = False) -> None:
    insert = sa.text("INSERT INTO t VALUES (:v)")
    catalogue.transact(lambda c: c.execute(insert, {"v": value}), durable=durable)


def kept(catalogue: Catalogue) -> list[int]:
    with catalogue.read() as connection:
        return list(connection.scalars(sa.text("SELECT v FROM t ORDER BY v")))
