"""The tables of datasets, of the runs that used them, and of their profiles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aml_magics.records.data.dataset import DatasetRecord, DatasetUse, Definition, Location
from aml_magics.store.catalogue.schema import dataset_use
from tests.store.rows import count, new_run, transact

if TYPE_CHECKING:
    from aml_magics.store.store import Store

DEFINITION = Definition(
    "tabular",
    (Location("d/*.csv", "é😀"), Location("https://h/a.csv")),
    "delimited",
    {"separator": ";", "types": {"a": "string"}},
    ({"transform": "take", "count": 5},),
    "{year:yyyy}/{name}.csv",
    "when",
    "day",
)
ONE = DatasetRecord(
    "id-1", DEFINITION, "f" * 64, 2, 2**40, 1.5, "é😀", 1, "text", {"k": None, "t": "1"}
)


def add(store: Store, record: DatasetRecord, manifest: bytes | None = None) -> DatasetRecord:
    kept = transact(store, lambda c: store.datasets.add(c, record, manifest))
    assert kept is not None
    return kept


def test_a_dataset_is_kept_as_it_was_given_with_its_files(store: Store) -> None:
    kept = add(store, ONE, b"\0files")

    assert kept == replace(ONE, key=kept.key)
    assert kept.key > 0
    with store.catalogue.read() as connection:
        assert store.datasets.matching(connection, id="id-1") == [kept]
        assert store.datasets.manifest(connection, kept.key) == b"\0files"
        assert store.datasets.matching(connection, id="other") == []


def test_an_id_and_a_version_of_a_name_are_taken_once(store: Store) -> None:
    kept = add(store, ONE)
    for other in (replace(ONE, version=2), replace(ONE, id="id-2")):
        assert transact(store, lambda c, other=other: store.datasets.add(c, other)) is None

    with store.catalogue.read() as connection:
        assert store.datasets.matching(connection) == [kept]


def test_datasets_without_a_name_are_as_many_as_there_are(store: Store) -> None:
    unnamed = replace(ONE, name=None, version=0)
    first = add(store, unnamed)
    second = add(store, replace(unnamed, id="id-2", created=2.0))

    with store.catalogue.read() as connection:
        assert store.datasets.matching(connection, fingerprint="f" * 64) == [second, first]
        assert store.datasets.newest(connection) == []
        assert store.datasets.names(connection) == []


def test_versions_are_found_and_the_newest_of_each_name_is_told(store: Store) -> None:
    first = add(store, ONE)
    second = add(store, replace(ONE, id="id-2", version=2, created=3.0, fingerprint="g"))
    other = add(store, replace(ONE, id="id-3", name="a", created=2.0))

    with store.catalogue.read() as connection:
        table = store.datasets
        assert table.matching(connection) == [second, other, first]
        assert table.matching(connection, name="é😀", version=1) == [first]
        assert table.matching(connection, keys=[other.key, first.key]) == [other, first]
        assert table.matching(connection, keys=[]) == []
        assert table.newest(connection) == [other, second]
        assert table.names(connection) == ["a", "é😀"]
        assert (table.last_version(connection, "é😀"), table.last_version(connection, "x")) == (
            2,
            0,
        )


def test_description_and_tags_are_changed_and_nothing_else(store: Store) -> None:
    kept = add(store, ONE)
    transact(store, lambda c: store.datasets.describe(c, kept.key, "new", {"é": "1"}))

    with store.catalogue.read() as connection:
        found = store.datasets.matching(connection)
    assert found == [replace(kept, description="new", tags={"é": "1"})]


def test_a_retired_name_is_free_and_its_versions_stay_for_the_runs_that_used_them(
    store: Store,
) -> None:
    first = add(store, ONE)
    second = add(store, replace(ONE, id="id-2", version=2, created=2.0))

    assert transact(store, lambda c: store.datasets.retire(c, "é😀")) == 2
    assert transact(store, lambda c: store.datasets.retire(c, "é😀")) == 0
    add(store, replace(ONE, id="id-3", created=3.0))
    with store.catalogue.read() as connection:
        _, *retired = store.datasets.matching(connection)
    gone = {"name": None, "version": 0, "former": "é😀"}
    assert retired == [replace(second, **gone), replace(first, **gone)]


def test_a_run_uses_one_dataset_under_a_name_and_role(store: Store) -> None:
    first, second = add(store, ONE), add(store, replace(ONE, id="id-2", version=2))
    run = new_run(store)
    uses = [
        DatasetUse(run, first.key, "input", "x", "Mount", "/a"),
        DatasetUse(run, first.key, "output", "x", "Upload", "/b"),
        DatasetUse(run, second.key, "input", "x", "Download", "/c"),
        DatasetUse(run, second.key, "input", "a"),
    ]
    for use in uses:
        transact(store, lambda c, use=use: store.datasets.use(c, use))

    with store.catalogue.read() as connection:
        kept = store.datasets.uses(connection, run_key=run)
        assert kept == [uses[3], uses[2], uses[1]]
        assert store.datasets.uses(connection, keys=[first.key]) == [uses[1]]
        assert store.datasets.uses(connection) == []


def test_the_newest_run_that_used_a_dataset_is_first(store: Store) -> None:
    kept = add(store, ONE)
    older, newer = new_run(store), new_run(store, "run-2")
    for run in (older, newer):
        use = DatasetUse(run, kept.key, "input", "x")
        transact(store, lambda c, use=use: store.datasets.use(c, use))

    with store.catalogue.read() as connection:
        assert [use.run_key for use in store.datasets.uses(connection, keys=[kept.key])] == [
            newer,
            older,
        ]


def test_uses_go_with_their_run(store: Store) -> None:
    kept = add(store, ONE)
    run = new_run(store)
    transact(store, lambda c: store.datasets.use(c, DatasetUse(run, kept.key, "input", "x")))

    transact(store, lambda c: store.runs.delete(c, [run]))
    assert count(store, dataset_use) == 0


def test_a_profile_is_kept_with_its_dataset_and_a_later_one_takes_its_place(store: Store) -> None:
    kept = add(store, ONE)
    for profile in ('{"rows": 1}', '{"rows": "é😀"}'):
        transact(store, lambda c, p=profile: store.datasets.put_profile(c, kept.key, 1.5, p))

    with store.catalogue.read() as connection:
        assert store.datasets.profile(connection, kept.key) == '{"rows": "é😀"}'
        assert store.datasets.profile(connection, kept.key + 1) is None
