"""The tables of models and their files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aml_magics.records.artifact import ArtifactRecord
from aml_magics.records.model import ModelFile, ModelRecord
from tests.store.rows import new_run, transact

if TYPE_CHECKING:
    from aml_magics.store.store import Store

FILES = (ModelFile("m/a", "digest-a", 2**40), ModelFile("m/b", "digest-b", 1))
MODEL = ModelRecord(
    "é😀", 1, "run-1", "e", "m", 1.5, "text", "Onnx", "1", {"k": None}, {"p": "1"}, FILES
)


def test_versions_are_kept_with_their_files_and_listed_newest_first(store: Store) -> None:
    second = replace(MODEL, version=2, created=3.0, files=())
    other = replace(MODEL, name="a", created=2.0, run_id="run-2")
    for one in (MODEL, second, other):
        assert transact(store, lambda c, one=one: store.models.add(c, one))

    with store.catalogue.read() as connection:
        table = store.models
        assert table.matching(connection) == [second, other, MODEL]
        assert table.matching(connection, "é😀", 1) == [MODEL]
        assert table.matching(connection, run_id="run-2") == [other]
        assert table.matching(connection, "none") == []
        assert table.names(connection) == ["a", "é😀"]
        assert (table.last_version(connection, "é😀"), table.last_version(connection, "x")) == (
            2,
            0,
        )


def test_a_version_is_kept_once_and_the_first_stays(store: Store) -> None:
    assert transact(store, lambda c: store.models.add(c, MODEL))

    assert not transact(store, lambda c: store.models.add(c, replace(MODEL, path="other")))
    with store.catalogue.read() as connection:
        assert store.models.matching(connection) == [MODEL]


def test_bytes_that_a_model_has_stay_when_the_run_goes(store: Store) -> None:
    run = new_run(store)
    files = [ArtifactRecord(one, f"digest-{one}", 1, 1.0) for one in ("a", "b", "c")]
    transact(store, lambda c: store.artifacts.put(c, run, files))
    transact(store, lambda c: store.models.add(c, MODEL))

    with store.catalogue.read() as connection:
        assert store.artifacts.digests_only_in(connection, [run]) == ["digest-c"]
