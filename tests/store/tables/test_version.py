"""Stamps: anything that can change of a run changes its stamp."""

from __future__ import annotations

import io
import os
import time

import pytest

from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import dataset
from aml_magics.services.run import artifact, metric, run
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run.ingest import ingest_live
from aml_magics.services.run.manage.edit import RunEdit, edit
from aml_magics.store.tables.version import catalogue_version, run_versions
from tests.fixtures.datastore_files import put


def stamp(store, record, **more):
    with store.catalogue.read() as connection:
        return run_versions(connection, [record.key], **more).get(record.key)


def log(store, record):
    journal = metric.writer(store, record)
    journal.number("x", 1.0)
    ingest_live(store, journal)


def use_dataset(store, record):
    put(store, {"a.csv": "a"})
    definition = Definition("file", (Location("a.csv", "workspaceblobstore"),))
    kept = dataset.save(store, definition)
    dataset.use(store, record, kept, role="input", name="x", mechanism="Mount")


CHANGES = {
    "name": lambda store, record: edit(store, [record.id], RunEdit(name="other")),
    "description": lambda store, record: edit(store, [record.id], RunEdit(description="b")),
    "star": lambda store, record: edit(store, [record.id], RunEdit(starred=True)),
    "archive": lambda store, record: edit(store, [record.id], RunEdit(archived=True)),
    "tag": lambda store, record: run.set_tags(store, record, {"a": "2"}),
    "no tag": lambda store, record: run.remove_tags(store, record, ["a"]),
    "param": lambda store, record: run.add_params(store, record, {"p": 2}),
    "point": log,
    "status": run.complete,
}
BESIDE = {
    "file": lambda store, record: artifact.add_file(store, record, "f", io.BytesIO(b"y")),
    "child": lambda store, record: run.start(store, "e", parent=record),
    "dataset": use_dataset,
    "snapshot": lambda store, record: snapshot.put(store, record, {"source": "x"}),
}


@pytest.fixture
def record(store):
    return run.start(store, "e", tags={"a": "1"}, params={"p": 1})


@pytest.mark.parametrize("change", [*CHANGES, *BESIDE])
def test_a_change_changes_the_stamp(store, record, change):
    before = stamp(store, record)
    assert stamp(store, record) == before
    {**CHANGES, **BESIDE}[change](store, record)
    assert stamp(store, record) != before


@pytest.mark.parametrize("change", [*CHANGES, *BESIDE])
def test_what_a_row_does_not_show_leaves_its_stamp(store, record, change):
    before = stamp(store, record, is_row=True)
    {**CHANGES, **BESIDE}[change](store, record)
    assert (stamp(store, record, is_row=True) != before) == (change in CHANGES)


def test_a_child_that_ends_changes_its_parent(store, record):
    child = run.start(store, "e", parent=record)
    before = stamp(store, record)
    run.complete(store, child)
    assert stamp(store, record) != before


def test_a_replaced_file_of_the_same_size_is_a_change(sqlite_store):
    record = run.start(sqlite_store, "e")
    artifact.add_file(sqlite_store, record, "f", io.BytesIO(b"x"))
    before = stamp(sqlite_store, record)
    artifact.add_file(sqlite_store, record, "f", io.BytesIO(b"y"))
    assert stamp(sqlite_store, record) != before


def test_a_run_that_is_gone_has_none(sqlite_store):
    record = run.complete(sqlite_store, run.start(sqlite_store, "e"))
    sqlite_store.catalogue.transact(
        lambda connection: sqlite_store.runs.delete(connection, [record.key])
    )
    assert stamp(sqlite_store, record) is None


def test_every_commit_moves_the_mark_of_a_file(sqlite_store):
    catalogue = sqlite_store.catalogue
    later = time.time_ns() + 10**9
    record = run.complete(sqlite_store, run.start(sqlite_store, "e"))
    before = catalogue_version(catalogue, later)
    for path in catalogue.path.parent.glob("catalogue.db*"):
        os.utime(path, (1, 1))
    marked = catalogue_version(catalogue, later)
    assert marked not in (None, before)
    run.set_tags(sqlite_store, record, {"a": "b"})
    assert catalogue_version(catalogue, later) != marked


def test_just_after_a_commit_nothing_can_be_told(sqlite_store):
    run.start(sqlite_store, "e")
    assert catalogue_version(sqlite_store.catalogue, time.time_ns()) is None


def test_postgresql_has_no_mark(store):
    if not store.catalogue.is_sqlite:
        assert catalogue_version(store.catalogue, time.time_ns()) is None
