"""The table of registered environments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.records.environment import EnvironmentRecord
from tests.store.rows import transact

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def _add(store: Store, name: str, version: int, **definition: object) -> bool:
    record = EnvironmentRecord(name, version, f"{name}{version}", 1.5, dict(definition))
    return bool(transact(store, lambda c: store.environments.add(c, record)))


def test_versions_of_a_name_are_kept_and_the_newest_is_found(store: Store) -> None:
    for version in (1, 2, 10):
        assert _add(store, "e", version, text="é😀\0", number=version)
    assert _add(store, "a", 1)

    with store.catalogue.read() as connection:
        table = store.environments
        latest = table.latest(connection, "e")
        assert latest == EnvironmentRecord("e", 10, "e10", 1.5, {"text": "é😀\0", "number": 10}, ())
        assert [one.version for one in table.versions(connection, "e")] == [1, 2, 10]
        assert [(one.name, one.version) for one in table.list(connection)] == [("a", 1), ("e", 10)]
        second = table.get(connection, "e", 2)
        assert second is not None
        assert second.definition["number"] == 2
        assert table.get(connection, "e", 3) is None
        assert table.latest(connection, "none") is None
        assert table.versions(connection, "none") == []


def test_a_version_is_kept_once_and_the_first_stays(store: Store) -> None:
    assert _add(store, "e", 1, first=True)

    assert not _add(store, "e", 1, first=False)
    with store.catalogue.read() as connection:
        latest = store.environments.latest(connection, "e")
    assert latest is not None
    assert latest.definition == {"first": True}


def test_a_label_moves_to_the_version_that_gets_it(store: Store) -> None:
    for version in (1, 2):
        _add(store, "e", version)
    transact(store, lambda c: store.environments.label(c, "e", 1, ("good", "old")))
    transact(store, lambda c: store.environments.label(c, "e", 2, ("good",)))

    with store.catalogue.read() as connection:
        labels = [one.labels for one in store.environments.versions(connection, "e")]
    assert labels == [("old",), ("good",)]
