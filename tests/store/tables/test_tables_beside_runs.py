"""The tables of journal marks, documents, artifacts and owners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aml_magics.records.artifact import ArtifactRecord
from aml_magics.records.owner import OwnerRecord
from aml_magics.records.status import RunStatus
from aml_magics.store.catalogue.schema import document as documents
from tests.store.rows import count, new_run, transact

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.store.store import Store


# -- marks, documents, artifacts -----------------------------------------------------------------


def test_a_mark_moves_and_is_forgotten(store: Store) -> None:
    for done in (32, 64):
        transact(store, lambda c, done=done: store.marks.put(c, "a.journal", done))
    transact(store, lambda c: store.marks.put(c, "b.journal", 32))

    with store.catalogue.read() as connection:
        assert store.marks.get(connection, "a.journal") == 64
        assert store.marks.get(connection, "none") == 0

    transact(store, lambda c: store.marks.forget(c, []))
    transact(store, lambda c: store.marks.forget(c, ["a.journal", "none"]))
    with store.catalogue.read() as connection:
        assert store.marks.get(connection, "a.journal") == 0
        assert store.marks.get(connection, "b.journal") == 32


def test_a_document_that_many_runs_share_is_kept_once(store: Store) -> None:
    runs = [new_run(store, f"run-{number}") for number in range(3)]
    parts = {"source": "print('é😀')\n" * 100, "packages": "numpy==2.0\n"}
    for run in runs:
        transact(store, lambda c, run=run: store.documents.put(c, run, parts))
    transact(store, lambda c: store.documents.put(c, runs[0], {"source": "new", "copy": "new"}))

    assert count(store, documents) == 3
    with store.catalogue.read() as connection:
        assert store.documents.of(connection, runs[1]) == parts
        assert store.documents.of(connection, runs[0]) == {
            "copy": "new",
            "packages": "numpy==2.0\n",
            "source": "new",
        }
        assert store.documents.of(connection, 999) == {}


def test_text_that_is_not_quite_unicode_is_kept_as_far_as_it_is(store: Store) -> None:
    run = new_run(store)

    transact(store, lambda c: store.documents.put(c, run, {"source": "a\ud800b\0c"}))

    with store.catalogue.read() as connection:
        assert store.documents.of(connection, run) == {"source": "a?b\0c"}


def test_files_of_a_run_are_put_replaced_and_listed_by_name(store: Store) -> None:
    run = new_run(store)
    files = [ArtifactRecord(name, name * 3, 2**40, 1.0) for name in ("b", "a")]
    transact(store, lambda c: store.artifacts.put(c, run, files))
    transact(store, lambda c: store.artifacts.put(c, run, []))
    newer = ArtifactRecord("a", "new", 5, 2.0)
    transact(store, lambda c: store.artifacts.put(c, run, [newer]))

    with store.catalogue.read() as connection:
        assert store.artifacts.of(connection, run) == [newer, files[0]]
        assert store.artifacts.get(connection, run, "a") == newer
        assert store.artifacts.get(connection, run, "none") is None


def test_bytes_that_another_run_has_too_are_not_only_those_of_the_first(store: Store) -> None:
    first, second = new_run(store), new_run(store, "run-2")
    for run, digests in ((first, ["shared", "mine"]), (second, ["shared"])):
        files = [ArtifactRecord(f"{one}-{n}", one, 1, 1.0) for one in digests for n in range(2)]
        transact(store, lambda c, run=run, files=files: store.artifacts.put(c, run, files))

    with store.catalogue.read() as connection:
        assert store.artifacts.digests_only_in(connection, [first]) == ["mine"]
        assert sorted(store.artifacts.digests_only_in(connection, [first, second])) == [
            "mine",
            "shared",
        ]


# -- owners --------------------------------------------------------------------------------------


def test_an_owner_is_kept_once_and_beats(store: Store) -> None:
    owner = OwnerRecord("owner", "host", "boot", 5, 7.0)
    first = transact(store, lambda c: store.owners.ensure(c, owner))
    assert [transact(store, lambda c: store.owners.ensure(c, owner)) for _ in range(2)] == [
        first
    ] * 2
    new_run(store, owner=first)

    with store.catalogue.read() as connection:
        (found,) = store.owners.with_open_runs(connection)
        assert store.owners.get(connection, ["owner", "none"]) == {"owner": found}
    assert (found.id, found.host, found.boot, found.pid, found.started) == (
        "owner",
        "host",
        "boot",
        5,
        7.0,
    )
    assert found.silent >= 0

    transact(store, lambda c: store.owners.beat(c, "owner"))
    with store.catalogue.read() as connection:
        assert store.owners.get(connection, ["owner"])["owner"].heartbeat >= found.heartbeat


def test_an_owner_of_a_transaction_that_was_rolled_back_is_not_remembered(store: Store) -> None:
    owner = OwnerRecord("owner", "host", "boot", 5, 7.0)

    def fails(connection: sa.Connection) -> None:
        store.owners.ensure(connection, owner)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transact(store, fails)
    key = transact(store, lambda c: store.owners.ensure(c, owner))

    new_run(store, owner=key)  # its foreign key holds


def test_only_owners_of_open_runs_are_looked_after(store: Store) -> None:
    owner = OwnerRecord("owner", "host", "boot", 5, 7.0)
    key = transact(store, lambda c: store.owners.ensure(c, owner))
    run = new_run(store, owner=key, status="CancelRequested")
    transact(store, lambda c: store.runs.set(c, run, {"cancel_requested": True}))

    with store.catalogue.read() as connection:
        assert store.runs.open_of(connection, "owner") == [(run, RunStatus.CANCEL_REQUESTED, True)]
        assert len(store.owners.with_open_runs(connection)) == 1
    transact(store, lambda c: store.runs.move(c, run, RunStatus.CANCELED, {"ended": 1.0}))
    with store.catalogue.read() as connection:
        assert store.runs.open_of(connection, "owner") == []
        assert store.owners.with_open_runs(connection) == []
