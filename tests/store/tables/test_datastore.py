"""The table of datastores."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aml_magics.records.data.datastore import DatastoreRecord
from tests.store.rows import transact

if TYPE_CHECKING:
    from aml_magics.store.store import Store

ONE = DatastoreRecord(
    "é😀", "url", {"url": "s3://b", "storage_options": {"a": [1, None]}}, 1.5, "ü"
)


def test_a_datastore_is_kept_as_it_was_given(store: Store) -> None:
    transact(store, lambda c: store.datastores.put(c, ONE))

    with store.catalogue.read() as connection:
        assert store.datastores.get(connection, "é😀") == ONE
        assert store.datastores.get(connection, "e") is None


def test_one_of_the_same_name_takes_its_place(store: Store) -> None:
    later = replace(ONE, kind="dbfs", settings={}, created=2.0, description="")
    for one in (ONE, later):
        transact(store, lambda c, one=one: store.datastores.put(c, one))

    with store.catalogue.read() as connection:
        assert store.datastores.all(connection) == [later]


def test_all_are_listed_by_name_and_one_is_removed(store: Store) -> None:
    for name in ("b", "a", "c"):
        transact(store, lambda c, name=name: store.datastores.put(c, replace(ONE, name=name)))

    assert transact(store, lambda c: store.datastores.remove(c, "b"))
    assert not transact(store, lambda c: store.datastores.remove(c, "b"))
    with store.catalogue.read() as connection:
        assert [one.name for one in store.datastores.all(connection)] == ["a", "c"]


def test_the_default_is_the_one_that_was_chosen_last(store: Store) -> None:
    with store.catalogue.read() as connection:
        assert store.datastores.default(connection) is None
    for name in ("a", "é😀"):
        transact(store, lambda c, name=name: store.datastores.set_default(c, name))

    with store.catalogue.read() as connection:
        assert store.datastores.default(connection) == "é😀"
