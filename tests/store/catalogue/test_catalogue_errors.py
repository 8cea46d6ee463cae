"""What goes wrong with a database is one line with the place and the remedy, and loses nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from aml_magics.errors import (
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.store.catalogue import catalogue as catalogue_module
from aml_magics.store.catalogue.catalogue import Catalogue, sqlite_url
from tests.store.one_table import add, kept, make

if TYPE_CHECKING:
    from tests.fixtures.disk import SmallDisk
    from tests.fixtures.postgres import PostgresServer

SECRET = "s3cr3t-w0rd"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_module, "BUSY_SECONDS", 0.3)


# -- what goes wrong -----------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.db"
    path.write_bytes(b"I am no database, and long enough to be taken for one. " * 50)
    catalogue = Catalogue(sqlite_url(path))

    with pytest.raises(StoreCorruptError, match=r"catalogue\.db: .*not a database.*Move it away"):
        make(catalogue)


def test_a_damaged_page_is_corrupt_and_the_message_tells_the_way_out(on_file: Catalogue) -> None:
    insert, rows = sa.text("INSERT INTO t VALUES (:v)"), [{"v": value} for value in range(9000)]
    on_file.transact(lambda c: c.execute(insert, rows))
    on_file.close()  # the last connection brings the log into the file
    data = bytearray(on_file.path.read_bytes())
    data[4096 : len(data) - 4096] = b"\xa5" * (len(data) - 8192)
    on_file.path.write_bytes(data)

    with pytest.raises(StoreCorruptError, match=r"malformed.*sqlite3 FILE \.recover"):
        kept(on_file)


def test_a_folder_that_is_gone_is_unavailable(tmp_path: Path) -> None:
    catalogue = Catalogue(sqlite_url(tmp_path / "gone" / "catalogue.db"))

    with pytest.raises(
        StoreUnavailableError, match=r"unable to open.*Check that the folder exists"
    ):
        make(catalogue)


@pytest.mark.usefixtures("impatient")
def test_a_database_that_is_held_for_too_long_is_unavailable(on_file: Catalogue) -> None:
    on_file.close()
    impatient = Catalogue(on_file.url)
    other = sqlite3.connect(on_file.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreUnavailableError, match=r"is locked.*Another process held it"):
        add(impatient, 1)
    other.execute("COMMIT")
    other.close()

    add(impatient, 2)
    assert kept(impatient) == [2]
    impatient.close()


@pytest.mark.usefixtures("impatient")
def test_a_database_that_is_held_at_its_first_opening_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE t (v)")
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StoreUnavailableError, match="is locked"):
        kept(Catalogue(sqlite_url(path)))
    other.execute("COMMIT")
    other.close()


def test_a_statement_that_fails_is_told_with_the_place(catalogue: Catalogue) -> None:
    with pytest.raises(StoreError, match=r"no such table|does not exist"):
        catalogue.transact(lambda c: c.exec_driver_sql("INSERT INTO nowhere VALUES (1)"))
    add(catalogue, 1)
    with pytest.raises(StoreError, match=r"UNIQUE|unique"):
        add(catalogue, 1)


def test_a_full_disk_is_told_of_with_path_and_free_bytes_and_loses_nothing(
    small_disk: SmallDisk,
) -> None:
    catalogue = Catalogue(sqlite_url(small_disk.folder / "catalogue.db"))
    make(catalogue)
    add(catalogue, 0, durable=True)
    small_disk.fill()

    added = [0]
    with pytest.raises(
        StoreFullError, match=rf"{small_disk.folder}/catalogue\.db: .*, [\d,]+ bytes are free\. "
    ):
        _add_until_it_raises(catalogue, added)

    assert kept(catalogue) == added
    small_disk.free()
    add(catalogue, -1, durable=True)
    assert kept(catalogue) == [-1, *added]
    with catalogue.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    catalogue.close()


def _add_until_it_raises(catalogue: Catalogue, added: list[int]) -> None:
    for value in range(1, 100_000):
        add(catalogue, value, durable=True)
        added.append(value)


def test_a_read_only_disk_is_told_of_and_what_is_there_can_be_read(small_disk: SmallDisk) -> None:
    catalogue = Catalogue(sqlite_url(small_disk.folder / "catalogue.db"))
    make(catalogue)
    add(catalogue, 1)
    catalogue.close()
    small_disk.make_read_only()

    with pytest.raises(
        StoreReadOnlyError, match=r"catalogue\.db: .*Make the folder writable, or set"
    ):
        add(catalogue, 2)
    assert kept(catalogue) == [1]

    small_disk.make_read_only(now=False)
    catalogue.close()
    add(catalogue, 2)
    assert kept(catalogue) == [1, 2]
    catalogue.close()


def test_a_read_only_file_is_told_of_and_can_be_read(on_file: Catalogue) -> None:
    add(on_file, 1)
    on_file.close()
    query = {"mode": "ro", "uri": "true"}
    read_only = Catalogue(sa.URL.create("sqlite", database=f"file:{on_file.path}", query=query))

    assert kept(read_only) == [1]
    with pytest.raises(StoreReadOnlyError, match=r"readonly database.*Make the folder writable"):
        add(read_only, 2)
    read_only.close()


# -- PostgreSQL that goes away ---------------------------------------------------------------------


def test_a_postgresql_that_never_answered_fails_at_once_with_its_address() -> None:
    catalogue = Catalogue(f"postgresql://ann:{SECRET}@127.0.0.1:1/runs")

    with pytest.raises(
        StoreUnavailableError,
        match=r"PostgreSQL at postgresql\+psycopg://ann:\*\*\*@127\.0\.0\.1:1/runs does not answer",
    ):
        add(catalogue, 1)


def test_a_transaction_waits_for_a_postgresql_that_was_crashed_in_the_middle(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a busy machine may take its time to start the server again
    monkeypatch.setattr("aml_magics.store.catalogue.catalogue.BUSY_SECONDS", 150.0)
    catalogue = Catalogue(postgres_server.create_database())
    make(catalogue)
    tries = []
    starter = threading.Timer(1.0, postgres_server.start)

    def work(connection: sa.Connection) -> None:
        tries.append(1)
        connection.execute(sa.text("INSERT INTO t VALUES (1)"))
        if len(tries) == 1:
            postgres_server.stop(mode="immediate")
            starter.start()

    try:
        catalogue.transact(work, durable=True)
    finally:
        starter.join()
        postgres_server.start()

    assert kept(catalogue) == [1]
    assert len(tries) > 1
    catalogue.close()


def test_an_idle_catalogue_does_not_notice_that_postgresql_was_crashed_and_started_again(
    postgres_server: PostgresServer,
) -> None:
    catalogue = Catalogue(postgres_server.create_database())
    make(catalogue)
    add(catalogue, 1, durable=True)

    postgres_server.stop(mode="immediate")
    postgres_server.start()

    assert kept(catalogue) == [1]
    add(catalogue, 2)
    assert kept(catalogue) == [1, 2]
    catalogue.close()


@pytest.mark.usefixtures("impatient")
def test_a_postgresql_that_stays_away_is_given_up(postgres_server: PostgresServer) -> None:
    catalogue = Catalogue(postgres_server.create_database())
    make(catalogue)
    postgres_server.stop(mode="immediate")

    try:
        with pytest.raises(StoreUnavailableError, match=r"does not answer .*Start it, or check"):
            add(catalogue, 1)
        with pytest.raises(StoreUnavailableError, match="does not answer"):
            kept(catalogue)
    finally:
        postgres_server.start()
        catalogue.close()


def test_the_store_works_on_after_a_crash_of_postgresql(postgres_server: PostgresServer) -> None:
    store = workspaces.create("test", catalogue=postgres_server.create_database())

    def names() -> list[Any]:
        with store.catalogue.read() as connection:
            return [one.name for one in store.experiments.list(connection)]

    for name in ("before", "after"):
        store.catalogue.transact(
            lambda c, name=name: store.experiments.ensure(c, name, 0.0), durable=True
        )
        postgres_server.stop(mode="immediate")
        postgres_server.start()

    assert names() == ["before", "after"]
    workspaces.close(store)


def test_no_other_module_opens_a_catalogue() -> None:
    package = Path(catalogue_module.__file__).parents[2]
    found = subprocess.run(
        ["grep", "-rlE", r"create_engine|import sqlite3|psycopg\.connect", package, "--include=*.py"],
        check=False, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip

    of_users = "services/data/store/location.py"  # databases that are datastores
    assert {os.path.relpath(path, package) for path in found} == {
        "store/catalogue/catalogue.py",
        of_users,
    }
