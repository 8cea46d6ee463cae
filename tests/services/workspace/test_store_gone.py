"""R24: a store that is removed, emptied, replaced or migrated while processes have it open."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sqlite3
import time

import pytest
import sqlalchemy as sa

from aml_magics.errors import StoreCorruptError, StoreGoneError, StoreTooNewError
from aml_magics.services.run import artifact, heartbeat, metric, run, search
from aml_magics.services.workspace import workspace
from aml_magics.store.catalogue.schema import meta
from aml_magics.store.home import write_description
from tests.services.conftest import eventually

NEW = """
    record = run.start(store, "new", run_id="new")
    run.complete(store, record)
"""


def log_on(writer):
    """Log until it is refused."""
    while True:
        writer.number("x", 1.0)
        time.sleep(0.001)


@pytest.fixture
def live(store):
    """A run that logs, with its writer."""
    record = run.start(store, "e", run_id="old")
    writer = metric.writer(store, record)
    writer.number("x", 1.0)
    return record, writer


def make_anew(store, scripts):
    """Remove the folder of a workspace, and have another process make it again."""
    shutil.rmtree(store.folder)
    scripts.run(NEW, MAKE=store.record.name)


def test_all_that_a_run_writes_says_that_its_workspace_was_removed(store, live):
    record, writer = live
    other = run.start(store, "e")
    shutil.rmtree(store.folder)

    said = "was removed while this process had it open: nothing more is kept"
    with pytest.raises(StoreGoneError, match=said):
        log_on(writer)
    for call in (
        lambda: writer.value("y", metric.MetricKind.LIST, [1]),
        lambda: metric.writer(store, other),
        lambda: run.set_tags(store, record, {"a": "b"}),
        lambda: artifact.add_stream(store, record.key, "a.txt", io.BytesIO(b"a")),
        lambda: artifact.add_new(store, record.key, iter(["b.png"]), io.BytesIO(b"x")),
        lambda: run.complete(store, record),
        lambda: run.start(store, "e"),
        lambda: search.search(store),
    ):
        with pytest.raises(StoreGoneError, match=said):
            call()
    eventually(lambda: not heartbeat.is_beating(store))
    assert not store.folder.exists()


def test_workspace_that_was_made_anew_is_not_served_from_the_one_that_was_removed(
    sqlite_store, scripts
):
    record = run.start(sqlite_store, "e", run_id="old")
    writer = metric.writer(sqlite_store, record)
    writer.number("x", 1.0)
    make_anew(sqlite_store, scripts)

    said = "was replaced by another while this process had it open"
    with pytest.raises(StoreGoneError, match="while this process had it open"):
        log_on(writer)
    with pytest.raises(StoreGoneError, match=said):
        run.complete(sqlite_store, record)
    with pytest.raises(StoreGoneError, match=said):
        run.get(sqlite_store, "old")
    opened = workspace.open_named("test")
    assert opened is not sqlite_store
    assert [one.id for one in search.search(opened)] == ["new"]
    assert list(opened.journals.iterdir()) == []
    assert run.complete(opened, run.start(opened, "e")).status == "Completed"
    workspace.close(opened)


def test_workspace_that_is_made_anew_keeps_the_id_and_the_runs_of_a_database_on_a_server(
    store, live
):
    old = store.record.id
    workspace.close(store)
    shutil.rmtree(store.folder)

    made = workspace.create("test", catalogue=store.record.catalogue)

    assert workspace.open_named("test") is made
    is_kept = bool(store.record.catalogue)
    assert (made.record.id == old) is is_kept
    assert [one.id for one in search.search(made)] == ["old"] * is_kept
    workspace.close(made)


def test_file_of_the_catalogue_that_was_replaced_in_place_is_noticed_at_the_next_write(
    sqlite_store,
):
    """`cp other.db catalogue.db` keeps the number of the file: its id tells."""
    record = run.start(sqlite_store, "e")
    writer = metric.writer(sqlite_store, record)
    other = workspace.create("other")
    run.complete(other, run.start(other, "e"))
    workspace.close(other)
    heartbeat.stop_heartbeat(sqlite_store)
    sqlite_store.catalogue.close()  # which reads the write-ahead log in
    number = sqlite_store.catalogue.path.stat().st_ino
    sqlite_store.catalogue.path.write_bytes((other.folder / "catalogue.db").read_bytes())
    assert sqlite_store.catalogue.path.stat().st_ino == number

    heartbeat.start_heartbeat(sqlite_store)
    with pytest.raises(StoreGoneError, match="was replaced by another"):
        log_on(writer)
    with pytest.raises(StoreGoneError, match="was replaced by another"):
        run.complete(sqlite_store, record)


def test_catalogue_that_was_emptied_is_noticed_by_who_has_it_open(sqlite_store):
    record = run.start(sqlite_store, "e", run_id="old")
    writer = metric.writer(sqlite_store, record)
    os.truncate(sqlite_store.catalogue.path, 0)

    with pytest.raises(StoreGoneError, match="was emptied while this process had it open"):
        log_on(writer)
    with pytest.raises(StoreGoneError, match="was emptied"):
        run.complete(sqlite_store, record)
    with pytest.raises(StoreGoneError, match="was emptied"):
        search.search(sqlite_store)


@pytest.mark.parametrize("has_header", [False, True])
def test_catalogue_that_was_emptied_is_not_opened_as_if_there_had_been_no_run(
    sqlite_store, scripts, has_header
):
    """R12: the message says what happened and what to do; a new one is made where it was moved away."""
    run.complete(sqlite_store, run.start(sqlite_store, "e"))
    workspace.close(sqlite_store)
    path = sqlite_store.catalogue.path
    path.write_bytes(b"")
    if has_header:  # a database without tables
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version=1")

    said = r"catalogue\.db was emptied: it has no tables any more.* Put a backup in its place, or move it away"
    for _ in range(2):
        with pytest.raises(StoreCorruptError, match=said):
            workspace.open_named("test")
    shell = scripts.run(
        'from aml_magics.cli.main import main; say(main(["runs", "--workspace", "test"]))', MAKE="o"
    )
    assert shell == "1\n"  # what went wrong is told on stderr

    path.rename(path.with_suffix(".aside"))
    opened = workspace.open_named("test")
    assert search.search(opened) == []
    workspace.close(opened)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_database_that_was_emptied_on_a_server_is_noticed(store, live):
    record, writer = live
    heartbeat.stop_heartbeat(store)
    store.catalogue.transact(
        lambda connection: [
            connection.exec_driver_sql(line)
            for line in ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        ]
    )
    heartbeat.start_heartbeat(store)
    with pytest.raises(StoreGoneError, match="was emptied"):
        log_on(writer)
    with pytest.raises(StoreGoneError, match="was emptied"):
        run.complete(store, record)


def test_process_that_has_the_store_open_writes_no_state_to_a_newer_schema(store, live):
    """R9: its points stay in its journal, for the later version to read in."""
    record, writer = live

    def migrate(connection):
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
        connection.execute(sa.update(meta).where(meta.c.name == "version").values(value="9.8.7"))

    store.catalogue.transact(migrate)

    for call in (
        lambda: run.set_tags(store, record, {"a": "b"}),
        lambda: run.start(store, "e"),
        lambda: writer.number("x", 2.0) or run.complete(store, record),
    ):
        with pytest.raises(StoreTooNewError, match=r"pip install 'aml-magics>=9\.8\.7'"):
            call()
    assert metric.get_metrics(store, record) == {"x": [1.0, 2.0]}


def test_description_that_was_written_anew_for_the_same_workspace_is_no_other(store):
    write_description(store.folder, store.record)

    assert workspace.open_named("test") is store
    assert run.complete(store, run.start(store, "e")).status == "Completed"


def test_description_of_another_workspace_is_noticed(store):
    other = workspace.WorkspaceRecord("another", "test", catalogue=store.record.catalogue)
    write_description(store.folder, other)

    opened = workspace.open_named("test")

    assert opened is not store
    assert opened.record.id == "another"
    workspace.close(opened)
