"""What every format keeps to."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from aml_magics.errors import ColumnNotFoundError, InvalidDatasetError, NotFoundError
from aml_magics.kinds.formats._base import FORMATS
from aml_magics.records.data.column import COLUMN_TYPES
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data.table import database_query
from aml_magics.services.data.table import table as tabular

ROWS = [{"n": place, "t": f"t{place}", "x": place / 2} for place in range(3_000)]


def parquet(rows):
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file, row_group_size=500)
    return file.getvalue()


def csv(rows):
    return "".join(f"{row['n']},{row['t']},{row['x']}\n" for row in rows)


def json_lines(rows):
    return "".join(f'{{"n": {row["n"]}, "t": "{row["t"]}", "x": {row["x"]}}}\n' for row in rows)


@pytest.fixture(params=FORMATS.names())
def table_of(request, tmp_path, sqlite_store, monkeypatch):
    """Opens the rows in each format, of two files where it has files."""
    if request.param == "sql_query":
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'rows.db'}")
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE r (n INTEGER, t TEXT, x REAL)")
            connection.execute(sa.text("INSERT INTO r VALUES (:n, :t, :x)"), ROWS)
        monkeypatch.setattr(database_query, "sql_engine", lambda store, record: engine)
        monkeypatch.setattr(database_query, "get", lambda store, name: name)
        found = Definition(
            "tabular", (Location("", "base"),), "sql_query", {"query": "SELECT n, t, x FROM r"}
        )
    else:
        suffix, write = {
            "delimited": ("csv", lambda rows: ("n,t,x\n" + csv(rows)).encode()),
            "json_lines": ("jsonl", lambda rows: json_lines(rows).encode()),
            "parquet": ("parquet", parquet),
        }[request.param]
        for name, rows in (("1", ROWS[:1_000]), ("2", ROWS[1_000:])):
            (tmp_path / f"{name}.{suffix}").write_bytes(write(rows))
        found = Definition("tabular", (Location(f"{tmp_path}/*.{suffix}"),), request.param)

    @contextmanager
    def open_(**options):
        definition = replace(found, options={**found.options, **options})
        with tabular.opened(sqlite_store, definition) as table:
            yield table

    return open_


def test_its_columns_have_names_and_types(table_of):
    with table_of() as table:
        assert [tuple(column) for column in table.columns] == [
            ("n", "integer"),
            ("t", "string"),
            ("x", "decimal"),
        ]
        assert all(column.type in COLUMN_TYPES for column in table.columns)


def test_its_rows_come_in_the_order_of_files_and_lines(table_of):
    with table_of() as table:
        assert table.to_arrow().to_pylist() == ROWS
        assert [row for batch in table.batches(700) for row in batch.to_pylist()] == ROWS


def test_its_rows_can_be_read_again_and_in_part(table_of):
    with table_of() as table:
        assert table.head(2).to_pylist() == ROWS[:2]
        assert table.page(1_500, 3).to_pylist() == ROWS[1_500:1_503]
        assert table.head(0).num_rows == 0
        assert table.count() == len(ROWS)


def test_a_value_that_is_not_of_a_type_is_missing_and_counted(table_of):
    with table_of(types={"t": "integer", "n": "decimal", "x": "string"}) as table:
        assert [column.type for column in table.columns] == ["decimal", "integer", "string"]
        assert table.head(2).to_pylist() == [
            {"n": 0.0, "t": None, "x": "0.0"},
            {"n": 1.0, "t": None, "x": "0.5"},
        ]
        assert table.faults() == {"t": len(ROWS)}


def test_a_type_for_a_column_that_is_not_there_is_refused(table_of, request):
    if "json_lines" in request.node.name:  # a key may come late
        with table_of(types={"late": "integer"}) as table:
            assert table.columns[-1] == ("late", "integer")
        return
    with (
        pytest.raises(ColumnNotFoundError, match="There is no column 'late'"),
        table_of(types={"late": "integer"}),
    ):
        pass


@pytest.mark.parametrize("name", FORMATS.names())
def test_it_takes_its_own_options_alone(name):
    kind = FORMATS.load(name)()
    with pytest.raises(InvalidDatasetError, match=f"The format {name} has no option 'colour'"):
        kind.check({"colour": "red"})
    with pytest.raises(InvalidDatasetError, match="is of type dict, not 'integer'"):
        kind.check({"types": "integer"})
    assert "types" in kind.options


def test_a_format_that_is_none_is_not_found(sqlite_store, tmp_path):
    (tmp_path / "a.csv").write_text("a\n1\n")
    definition = Definition("tabular", (Location(str(tmp_path / "a.csv")),), "delimitted")
    with (
        pytest.raises(
            NotFoundError, match=r"No format of data 'delimitted'. Did you mean 'delimited'"
        ),
        tabular.opened(sqlite_store, definition),
    ):
        pass
