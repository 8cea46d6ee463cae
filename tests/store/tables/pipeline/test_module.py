"""Modules are read back with their versions; a name is taken once, and so is a version."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aml_magics.errors import StoreError
from aml_magics.records.distribution import Distribution
from aml_magics.records.job import SourceFile
from aml_magics.records.pipeline.definition import RunSettings
from aml_magics.records.pipeline.module import (
    ModulePort,
    ModuleRecord,
    ModuleStatus,
    ModuleVersion,
)

RECORD = ModuleRecord(0, "m1", "sums", "d", ModuleStatus.ACTIVE, None, 1.0)
VERSION = ModuleVersion(
    "v1",
    "1",
    2.0,
    "sum.py",
    status=ModuleStatus.DEPRECATED,
    inputs=(ModulePort("in", "Numbers", ("csv",), "download", "data", True, True),),
    outputs=(ModulePort("out", datastore="store"),),
    arguments=("--in", "$AZUREML_DATAREFERENCE_in"),
    parameters={"rate": 0.5},
    params={"LEVEL": "3"},
    run=RunSettings(nodes=2, distribution=Distribution("mpi", 2)),
    files=(SourceFile("sum.py", "ab", 3, 0o644),),
    parts={"source": "print(1)"},
)


def done(store, work):
    return store.catalogue.transact(work)


def get(store, **by):
    with store.catalogue.read() as connection:
        return store.modules.get(connection, **by)


@pytest.fixture
def key(store):
    return done(store, lambda connection: store.modules.add(connection, RECORD))


def test_a_module_is_read_back_by_id_and_name_with_all_of_its_versions(store, key):
    done(store, lambda connection: store.modules.add_version(connection, key, VERSION))

    kept = replace(RECORD, key=key, versions={"1": VERSION})
    assert get(store, id_="m1") == get(store, name="sums") == kept
    assert get(store, id_="sums") is get(store, name="m1") is None


def test_a_name_is_taken_once(store, key):
    second = replace(RECORD, id="m2")

    assert key is not None
    assert done(store, lambda connection: store.modules.add(connection, second)) is None


def test_a_version_is_taken_once(store, key):
    done(store, lambda connection: store.modules.add_version(connection, key, VERSION))

    other = replace(VERSION, id="v2")
    with pytest.raises(StoreError, match=r"(?i)unique"):
        done(store, lambda connection: store.modules.add_version(connection, key, other))


def test_what_is_changed_is_read_back(store, key):
    later = replace(VERSION, id="v0", version="0", created=3.0)
    changed = replace(VERSION, status=ModuleStatus.DISABLED)

    def work(connection):
        for one in (later, VERSION):
            store.modules.add_version(connection, key, one)
        store.modules.change(connection, key, {"status": ModuleStatus.DISABLED})
        store.modules.change_version(connection, key, changed)

    done(store, work)

    found = get(store, id_="m1")
    assert found.status is ModuleStatus.DISABLED
    assert list(found.versions.values()) == [changed, later]


def test_modules_are_listed_the_newest_first(store, key):
    done(
        store,
        lambda connection: store.modules.add(
            connection, replace(RECORD, id="m2", name="b", created=2.0)
        ),
    )

    with store.catalogue.read() as connection:
        assert [one.name for one in store.modules.all(connection)] == ["b", "sums"]
        assert store.modules.names(connection) == ["b", "sums"]
