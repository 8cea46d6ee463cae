"""Answers of a database to a query."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
import sqlalchemy as sa

from aml_magics.errors import DataAccessError, InvalidDatasetError
from aml_magics.kinds.formats.sql_query import SqlQuery
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.expression import Name, Operation, Value
from aml_magics.services.data.table import database_query
from aml_magics.services.data.table import table as tabular
from aml_magics.services.data.table.database_query import BATCH_ROWS, _batch, _schema


@pytest.fixture
def engine(postgres_server, monkeypatch):
    url = sa.make_url(postgres_server.create_database()).set(drivername="postgresql+psycopg")
    made = sa.create_engine(url)
    monkeypatch.setattr(database_query, "sql_engine", lambda store, record: made)
    monkeypatch.setattr(database_query, "get", lambda store, name: name)
    yield made
    made.dispose()


def asked(query, **options):
    return Definition("tabular", (Location("", "base"),), "sql_query", {"query": query, **options})


def rows(store, query, **options):
    with tabular.opened(store, asked(query, **options)) as table:
        return table.to_arrow().to_pylist()


def test_values_have_the_types_of_the_database(engine, sqlite_store):
    query = (
        "SELECT 1 AS i, 1.5::numeric AS d, 2.5::float8 AS x, true AS b, 'é%' AS t, "
        "'2024-05-01 12:00+02'::timestamptz AS at, '2024-05-01'::date AS day, '12:30'::time AS clock, "
        "'\\x00ff'::bytea AS raw, NULL AS nothing, ARRAY[1,2] AS l, 'a:b :c' AS colons"
    )
    with tabular.opened(sqlite_store, asked(query)) as table:
        assert [column.type for column in table.columns] == [
            "integer", "decimal", "decimal", "boolean", "string", "datetime", "date", "time", "binary",
            "string", "string", "string",
        ]  # fmt: skip
        (row,) = table.head().to_pylist()
    assert row == {
        "i": 1, "d": 1.5, "x": 2.5, "b": True, "t": "é%", "at": datetime.fromisoformat("2024-05-01T10:00:00"),
        "day": date(2024, 5, 1), "clock": time(12, 30), "raw": b"\x00\xff", "nothing": None, "l": "[1, 2]",
        "colons": "a:b :c",
    }  # fmt: skip


def test_many_rows_come_in_batches_and_a_few_are_enough_for_a_preview(engine, sqlite_store):
    query = "SELECT n FROM generate_series(1, 200000) n"
    with tabular.opened(sqlite_store, asked(query)) as table:
        assert table.head(3).column("n").to_pylist() == [1, 2, 3]
        assert table.count(Operation("gt", (Name("n"), Value(199_000)))) == 1_000
        assert sum(batch.num_rows for batch in table.batches()) == 200_000


def test_threads_and_connections_end_with_the_table(engine, sqlite_store):
    with tabular.opened(
        sqlite_store, asked("SELECT n FROM generate_series(1, 1000000) n")
    ) as table:
        table.head(1)
    assert not any(one.name == "aml-query" for one in threading.enumerate())
    assert engine.pool.checkedout() == 0


def test_two_columns_of_one_name_get_two_names(engine, sqlite_store):
    assert rows(sqlite_store, "SELECT 1 AS a, 2 AS a") == [{"a": 1, "a_1": 2}]


def test_a_query_without_rows_has_columns(engine, sqlite_store):
    with tabular.opened(sqlite_store, asked("SELECT 1 AS a WHERE false")) as table:
        assert [tuple(column) for column in table.columns] == [("a", "string")]
        assert table.count() == 0


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELEC 1", "'base' failed: .*syntax error"),
        ("SELECT * FROM nowhere", "'base' failed: .*nowhere"),
        ("SELECT n / 0 FROM generate_series(1, 5) n", "'base' failed: .*division by zero"),
    ],
)
def test_what_the_database_refuses_is_told(engine, sqlite_store, query, message):
    with pytest.raises(DataAccessError, match=message):
        rows(sqlite_store, query)


def test_an_error_in_the_middle_is_told(engine, sqlite_store):
    query = f"SELECT 1 / ({BATCH_ROWS * 3} - n) AS a FROM generate_series(1, {BATCH_ROWS * 4}) n"
    with tabular.opened(sqlite_store, asked(query)) as table:
        assert table.head(2).num_rows == 2
        with pytest.raises(DataAccessError, match="division by zero"):
            table.to_arrow()


def test_a_statement_that_is_no_query_is_refused_and_changes_nothing(engine, sqlite_store):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a int)")
    with pytest.raises(DataAccessError, match='syntax error at or near "DROP"'):
        rows(sqlite_store, "DROP TABLE t")
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT * FROM t")


def test_a_statement_that_gives_no_rows_is_refused(sqlite_store, monkeypatch, tmp_path):
    made = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    monkeypatch.setattr(database_query, "sql_engine", lambda store, record: made)
    monkeypatch.setattr(database_query, "get", lambda store, name: name)
    with pytest.raises(InvalidDatasetError, match="gives rows, and this one gave none"):
        rows(sqlite_store, "CREATE TABLE t (a int)")


def test_a_query_that_takes_too_long_is_given_up(engine, sqlite_store):
    with pytest.raises(
        DataAccessError, match=r"gave no row within 0.2 seconds; give the query more time"
    ):
        rows(sqlite_store, "SELECT pg_sleep(2)", timeout=0.2)


def test_a_query_without_a_datastore_is_refused(sqlite_store):
    definition = Definition("tabular", (Location(""),), "sql_query", {"query": "SELECT 1"})
    with (
        pytest.raises(InvalidDatasetError, match="give the datastore with it"),
        tabular.opened(sqlite_store, definition),
    ):
        pass


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "A dataset of a query has a query"),
        ({"query": " "}, "A dataset of a query has a query"),
        ({"query": "SELECT 1", "timeout": 0}, "is seconds above 0, not 0"),
    ],
)
def test_options_without_a_query_or_time_are_refused(options, message):
    with pytest.raises(InvalidDatasetError, match=message):
        SqlQuery().check(options)


def test_values_that_do_not_fit_those_of_the_first_rows_are_missing():
    first = [(1, 1.5, "x", date(2024, 5, 1), True, datetime.fromisoformat("2024-05-01"), 2**70)]
    schema = _schema(list("abcdefg"), first)
    later = [
        (2**70, Decimal("2.5"), 5, None, 1, datetime(2024, 5, 1, tzinfo=UTC), 1),
        (7, "y", None, "z", "w", "v", 3),
    ]
    assert _batch(schema, later).to_pylist() == [
        {
            "a": None,
            "b": 2.5,
            "c": "5",
            "d": None,
            "e": None,
            "f": datetime.fromisoformat("2024-05-01"),
            "g": 1.0,
        },
        {"a": 7, "b": None, "c": None, "d": None, "e": None, "f": None, "g": 3.0},
    ]
