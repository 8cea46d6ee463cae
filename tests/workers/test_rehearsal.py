"""What a worker executes was compiled before its fork, and nothing is left of that."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from aml_magics.errors import StoreError
from aml_magics.records.artifact import ArtifactRecord
from aml_magics.records.status import RunStatus
from aml_magics.services.process import queue
from aml_magics.services.run import run as runs
from aml_magics.services.run.ending import end
from aml_magics.store.catalogue.schema import metadata
from aml_magics.workers.rehearsal import rehearse


def rows_of(store):
    with store.catalogue.read() as connection:
        return {
            table.name: sorted(map(str, connection.execute(sa.select(table)).all()))
            for table in metadata.sorted_tables
        }


def test_nothing_is_left_of_it(either_store):
    before = rows_of(either_store)
    rehearse(either_store, 0)
    assert rows_of(either_store) == before


@pytest.mark.parametrize("is_prepared", [True, False])
def test_a_run_from_its_claim_to_its_end_compiles_nothing(store, submit, monkeypatch, is_prepared):
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    queued = submit("pass")
    rehearse(store, queued.key)
    compiled = store.catalogue._engine._compiled_cache
    before = set(compiled)
    with store.catalogue.read() as connection:
        store.jobs.get(connection, queued.key)
        store.sources.of(connection, queued.key)
    record = runs.claim(store, queued.key, is_prepared=is_prepared)
    log = [ArtifactRecord("log", "0" * 64, 0, 0.0)]

    def start(connection):
        values = {"started": 1.0}
        store.runs.move(connection, record.key, RunStatus.RUNNING, values)
        store.artifacts.put(connection, record.key, log)

    store.catalogue.transact(start)
    end(store, record.key, RunStatus.COMPLETED, is_submitted=True)
    assert [str(key[1])[:300] for key in set(compiled) - before] == []


def test_a_store_that_cannot_be_written_says_so(store, monkeypatch):
    def refuse(*_args, **_options):
        raise StoreError("it is full")

    monkeypatch.setattr(store.catalogue, "transact", refuse)
    with pytest.raises(StoreError, match="it is full"):
        rehearse(store, 0)


def test_no_key_of_it_is_remembered(store, submit):
    rehearse(store, 0)
    assert not store.names._texts
    assert not store.names._keys
    assert not store.owners._committed
    assert submit("pass").number == 1
