"""The tables of models: names, versions, files, aliases and uses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import StoreError
from aml_magics.records.artifact import ArtifactRecord
from aml_magics.records.model import ModelDataset, ModelFile, ModelRecord, RegisteredModel
from tests.store.rows import new_run, transact

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.store.store import Store

FILES = (ModelFile("m/a", "digest-a", 2**40), ModelFile("m/b", "digest-b", 1))
MODEL = ModelRecord(
    name="é😀",
    version=1,
    path="m",
    created=1.5,
    run_id="run-1",
    experiment="e",
    author="me",
    updated=1.5,
    source="runs:/run-1/m",
    description="text",
    framework="Onnx",
    framework_version="1",
    stage="Staging",
    tags={"k": None},
    properties={"p": "1"},
    resources={"cpu": 1.5},
    sample_input="id-1",
    datasets=(ModelDataset("test", "id-2"), ModelDataset("test", "id-1")),
    files=FILES,
)


def add(store: Store, record: ModelRecord) -> int:
    def work(connection: sa.Connection) -> int:
        store.models.register_name(connection, RegisteredModel(record.name, 1.0, 1.0))
        return store.models.add(connection, record)

    key: int = transact(store, work)
    return key


def test_versions_are_kept_with_all_parts_and_listed_newest_first(store: Store) -> None:
    second = replace(MODEL, version=2, created=3.0, files=(), resources=None, datasets=())
    other = replace(MODEL, name="a", created=2.0, run_id="run-2")
    keys = [add(store, one) for one in (MODEL, second, other)]
    transact(store, lambda c: store.models.point(c, "é😀", "best", 1))

    with store.catalogue.read() as connection:
        table = store.models
        first = replace(MODEL, aliases=("best",))
        assert table.matching(connection) == [second, other, first]
        assert table.matching(connection, "é😀", 1) == [first]
        assert table.matching(connection, "é😀", 1)[0].key == keys[0]
        assert table.matching(connection, run_id="run-2") == [other]
        assert table.matching(connection, dataset_id="id-2") == [other, first]
        assert table.matching(connection, "none") == []
        assert table.names(connection) == ["a", "é😀"]
        assert [table.lock_name(connection, name) for name in ("é😀", "x")] == [2, None]


def test_a_version_is_kept_once_and_the_first_stays(store: Store) -> None:
    add(store, MODEL)

    with pytest.raises(StoreError):
        add(store, replace(MODEL, path="other"))
    with store.catalogue.read() as connection:
        assert store.models.matching(connection) == [MODEL]


def test_an_alias_leads_only_to_a_version_that_is_there(store: Store) -> None:
    key = add(store, MODEL)
    with pytest.raises(StoreError):
        transact(store, lambda c: store.models.point(c, "é😀", "best", 2))
    transact(store, lambda c: store.models.point(c, "é😀", "best", 1))
    transact(store, lambda c: store.models.remove(c, [key]))

    with store.catalogue.read() as connection:
        assert store.models.registered(connection) == [RegisteredModel("é😀", 1.0, 1.5)]
        assert store.models.matching(connection) == []


def test_a_model_that_is_needed_is_not_removed(store: Store) -> None:
    key = add(store, MODEL)
    transact(store, lambda c: store.models.set_uses(c, "service", "s", [key]))
    transact(store, lambda c: store.models.set_uses(c, "image", "i", [key, key]))

    with pytest.raises(StoreError):
        transact(store, lambda c: store.models.remove(c, [key]))
    with store.catalogue.read() as connection:
        assert store.models.uses(connection, [key]) == [(key, "image", "i"), (key, "service", "s")]


def test_bytes_that_a_model_has_stay_when_the_run_goes(store: Store) -> None:
    run = new_run(store)
    files = [ArtifactRecord(one, f"digest-{one}", 1, 1.0) for one in ("a", "b", "c")]
    transact(store, lambda c: store.artifacts.put(c, run, files))
    add(store, MODEL)

    with store.catalogue.read() as connection:
        assert store.artifacts.digests_only_in(connection, [run]) == ["digest-c"]
        assert store.artifacts.unused(connection, ["digest-a", "digest-c", "digest-z"]) == [
            "digest-z"
        ]
