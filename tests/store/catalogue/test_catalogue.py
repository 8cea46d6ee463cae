"""The database of runs: what it is called, how it commits, and what it says when it cannot."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from aml_magics.errors import (
    StoreError,
)
from aml_magics.store.catalogue.catalogue import Catalogue, sqlite_url
from tests.store.one_table import add, kept, make

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fixtures.postgres import PostgresServer

SECRET = "s3cr3t-w0rd"


# -- the address ---------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["", "nonsense", "postgresql:/host", "postgresql://h:port/db"])
def test_a_malformed_address_is_refused_with_its_form(url: str) -> None:
    with pytest.raises(StoreError, match=r"is sqlite:///PATH or postgresql://USER@HOST:PORT/DAT"):
        Catalogue(url)


@pytest.mark.parametrize("kind", ["mysql", "oracle", "mongodb"])
def test_another_kind_of_database_is_refused_by_name(kind: str) -> None:
    with pytest.raises(StoreError, match=f"in SQLite or PostgreSQL, not in '{kind}'"):
        Catalogue(f"{kind}://user@host/db")


@pytest.mark.parametrize(
    "url", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"]
)
def test_every_way_to_write_postgresql_means_the_same_driver(url: str) -> None:
    assert Catalogue(f"{url}://u@h/db").url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize("folder", ["what?", "100%", "a#b", "a b", "é", "a&b=c", "%41"])
def test_any_folder_can_hold_a_sqlite_catalogue(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "catalogue.db"
    path.parent.mkdir()
    catalogue = Catalogue(sqlite_url(path))

    make(catalogue)
    catalogue.close()

    assert catalogue.path == path
    assert path.read_bytes().startswith(b"SQLite format 3")
    assert catalogue.address == str(path)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ann:{SECRET}@127.0.0.1:1/db",
        f"postgresql://ann:{SECRET}@host:port/db",
        f"postgresql//ann:{SECRET}@host/db",
        f"ann:{SECRET}@host",
        f"mysql://ann:{SECRET}@host/db",
        f"postgresql://ann:{SECRET}@127.0.0.1:1/db?application_name={SECRET}",
    ],
)
def test_a_password_is_in_no_message_and_no_repr(url: str) -> None:
    shown = []
    try:
        catalogue = Catalogue(url)
        shown = [repr(catalogue), catalogue.address.partition("?")[0], str(catalogue)]
        with catalogue.read():
            pass
    except StoreError as error:
        shown += [str(error), repr(error)]
        cause = error.__cause__
        while cause is not None:
            shown.append(f"{cause} {cause!r}")
            cause = cause.__cause__

    assert shown
    assert not [text for text in shown if f":{SECRET}" in text]


# -- commits -------------------------------------------------------------------------------------


def test_what_was_committed_is_read_and_what_raised_is_not(catalogue: Catalogue) -> None:
    add(catalogue, 1)

    def fails(connection: sa.Connection) -> None:
        connection.execute(sa.text("INSERT INTO t VALUES (2)"))
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        catalogue.transact(fails)

    assert kept(catalogue) == [1]


def test_a_transaction_returns_what_its_work_returns(catalogue: Catalogue) -> None:
    assert catalogue.transact(lambda _: "result", durable=True) == "result"


def test_a_reader_sees_one_state(catalogue: Catalogue) -> None:
    count = sa.text("SELECT count(*) FROM t")
    with catalogue.read() as connection:
        before = connection.scalar(count)
        add(catalogue, 1)
        assert connection.scalar(count) == before
    assert len(kept(catalogue)) == before + 1


def test_a_state_change_survives_a_power_loss_and_a_metric_need_not(on_file: Catalogue) -> None:
    def synchronous(*, durable: bool) -> int:
        return on_file.transact(
            lambda c: c.exec_driver_sql("PRAGMA synchronous").scalar_one(), durable=durable
        )

    full, normal = 2, 1
    assert [synchronous(durable=d) for d in (True, False, False, True)] == [
        full,
        normal,
        normal,
        full,
    ]


def test_postgresql_waits_for_its_log_on_a_state_change_only(
    postgres_server: PostgresServer,
) -> None:
    catalogue = Catalogue(postgres_server.create_database())

    def synchronous(*, durable: bool) -> str:
        return catalogue.transact(
            lambda c: c.exec_driver_sql("SHOW synchronous_commit").scalar_one(), durable=durable
        )

    assert [synchronous(durable=d) for d in (True, False, True)] == ["on", "off", "on"]
    catalogue.close()


def test_sqlite_keeps_a_write_ahead_log_and_heeds_foreign_keys(on_file: Catalogue) -> None:
    with on_file.read() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }

    assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_writer_takes_its_turn_before_it_reads(on_file: Catalogue) -> None:
    """A transaction that read first and wrote later would fail at once, whatever the timeout."""
    on_file.close()
    counted: list[int] = []
    start = threading.Barrier(4)

    def count_and_add(connection: sa.Connection) -> None:
        value = connection.scalar(sa.text("SELECT count(*) FROM t"))
        connection.execute(sa.text("INSERT INTO t VALUES (:v)"), {"v": value})
        counted.append(value)

    def write() -> None:
        start.wait()
        for _ in range(25):
            on_file.transact(count_and_add)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counted) == kept(on_file) == list(range(100))


def test_a_closed_catalogue_can_be_used_again(catalogue: Catalogue) -> None:
    add(catalogue, 1)
    catalogue.close()
    add(catalogue, 2)

    assert kept(catalogue) == [1, 2]
