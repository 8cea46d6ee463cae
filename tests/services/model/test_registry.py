"""One version is found by name, number and alias; lists tell of all."""

from __future__ import annotations

import pytest

from aml_magics.errors import ModelNotFoundError
from aml_magics.services.model import edit, registry
from aml_magics.services.model.registration import Registration, register_run_files


@pytest.fixture
def three(store, record):
    return [register_run_files(store, record, "outputs/m.pkl", Registration("m")) for _ in range(3)]


def test_a_version_is_found_by_number_and_alias_and_the_newest_without(store, three):
    edit.set_alias(store, "m", "best", 2)

    assert registry.get(store, "m").version == 3
    assert registry.get(store, "m", 1) == three[0]
    assert registry.get(store, " m ", "2").aliases == ("best",)
    assert registry.get(store, "m", "@best").version == 2
    assert [registry.find(store, text).version for text in ("m", "m:1", "m@best")] == [3, 1, 2]


def test_one_version_is_read_without_the_others(store, three, monkeypatch):
    asked = []
    matching = type(store.models).matching

    def counted(self, connection, *args, **more):
        found = matching(self, connection, *args, **more)
        asked.append(len(found))
        return found

    monkeypatch.setattr(type(store.models), "matching", counted)
    registry.get(store, "m")
    registry.get(store, "m", 1)

    assert asked == [1, 1]


def test_what_is_not_there_is_said_with_what_is(store, three):
    edit.set_alias(store, "m", "best", 2)

    with pytest.raises(
        ModelNotFoundError, match="no version worst; it has 3, 2, 1 and the aliases best"
    ):
        registry.get(store, "m", "worst")
    with pytest.raises(ModelNotFoundError, match="no version 99999999999999999999"):
        registry.get(store, "m", "9" * 20)
    with pytest.raises(ModelNotFoundError, match="no model 'n'"):
        registry.find(store, "n:1")


def test_lists_are_the_latest_first(store, record, three):
    register_run_files(store, record, "outputs/x", Registration("other"))
    edit.set_alias(store, "m", "best", 1)
    store.catalogue.transact(
        lambda connection: store.models.set_uses(connection, "service", "s", [three[2].key])
    )

    assert [(one.id, count) for one, count in registry.newest(store)] == [
        ("other:1", 1),
        ("m:3", 3),
    ]
    assert registry.versions(store, "m") == [(3, (), ""), (2, (), ""), (1, ("best",), "")]
    assert registry.uses(store, three) == [(three[2].key, "service", "s")]
