"""The PostgreSQL that other tests rely on is real, and crashes and comes back when told to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, exc, text
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from tests.fixtures.postgres import PostgresServer


def _scalar(url: str, sql: str) -> object:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return connection.execute(text(sql)).scalar()


def test_it_answers_select_1(postgres_server: PostgresServer) -> None:
    assert _scalar(postgres_server.url("postgres"), "SELECT 1") == 1


def test_each_database_is_new_and_empty(postgres_server: PostgresServer) -> None:
    first, second = postgres_server.create_database(), postgres_server.create_database()

    assert first != second
    count = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    assert _scalar(first, count) == 0


def test_it_listens_on_loopback_and_keeps_fsync(postgres_server: PostgresServer) -> None:
    url = postgres_server.url("postgres")

    assert _scalar(url, "SHOW listen_addresses") == "127.0.0.1"
    assert _scalar(url, "SHOW fsync") == "on"


def test_after_an_immediate_stop_it_starts_again_with_what_was_committed(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.create_database()
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("CREATE TABLE kept AS SELECT 42 AS value"))

    postgres_server.stop(mode="immediate")
    assert not postgres_server.is_running
    with pytest.raises(exc.OperationalError, match="refused"):
        _scalar(url, "SELECT 1")

    postgres_server.start()
    assert _scalar(url, "SELECT value FROM kept") == 42


def test_a_database_can_be_had_though_an_earlier_test_left_the_server_stopped(
    postgres_server: PostgresServer,
) -> None:
    postgres_server.stop()

    assert _scalar(postgres_server.create_database(), "SELECT 1") == 1


def test_every_test_has_its_own_home_and_folder(tmp_path: Path) -> None:
    assert Path.cwd() == tmp_path
    assert os.environ["AML_MAGICS_HOME"] == str(tmp_path / "home")
    ours = [name for name in os.environ if name.startswith(("AML_MAGICS_", "AZUREML_"))]
    assert ours == ["AML_MAGICS_HOME"]
