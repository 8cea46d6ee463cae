"""The rows of datasets: read in order, in part, sorted, as frames and as files."""

from __future__ import annotations

import resource
import signal
import time
from datetime import datetime

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from aml_magics.errors import (
    ColumnNotFoundError,
    DataAccessError,
    DataNotFoundError,
    InvalidArgumentError,
    InvalidDataError,
    InvalidDatasetError,
)
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.expression import Name
from aml_magics.services.data.store.files import find_files
from aml_magics.services.data.table import table as tabular
from aml_magics.services.data.table.session import TableSession
from aml_magics.services.filter.grammar import read_row_filter
from tests.services.conftest import finish

TEXT = "n,t,x,at\n3,b,,2024-05-03\n1,a,1.5,2024-05-01\n2,b,0.5,\n,c,2.5,2024-05-02\n"


def numbers(table):
    return table.column("n").to_pylist()


def test_a_page_is_a_part_of_the_rows(opened):
    with opened(TEXT) as table:
        assert numbers(table.page(0, 2)) == [3, 1]
        assert numbers(table.page(2, 5)) == [2, None]
        assert numbers(table.page(9, 5)) == []


def test_rows_are_sorted_with_missing_values_last_and_equal_ones_in_their_order(opened):
    with opened(TEXT) as table:
        assert numbers(table.page(0, 9, sort="n")) == [1, 2, 3, None]
        assert numbers(table.page(0, 9, sort="n", descending=True)) == [3, 2, 1, None]
        assert numbers(table.page(0, 9, sort="t")) == [1, 3, 2, None]
        assert numbers(table.page(0, 9, sort="t", descending=True)) == [None, 3, 2, 1]
        assert numbers(table.page(1, 2, sort="x")) == [1, None]
        with pytest.raises(ColumnNotFoundError, match="no column 'z'"):
            table.page(0, 9, sort="z")


def test_rows_are_sorted_by_a_column_of_any_name(opened):
    with opened('n,"a ""; --",n0\n1,y,1\n2,x,2\n') as table:
        assert numbers(table.page(0, 9, sort='a "; --')) == [2, 1]


def test_rows_are_filtered_as_a_user_types(opened):
    with opened(TEXT) as table:
        found = read_row_filter("t = 'b' or x > 2", table.columns)
        assert numbers(table.page(0, 9, expression=found)) == [3, 2, None]
        assert numbers(table.page(1, 1, sort="n", expression=found)) == [3]
        assert table.count(found) == 3
        assert table.count() == 4
        with pytest.raises(InvalidDatasetError, match="A condition is true or false"):
            table.count(Name("n"))


def test_a_frame_has_the_types_that_pandas_gives(opened):
    with opened(TEXT + "4,,,\n") as table:
        frame = table.to_pandas()
    assert frame.dtypes.astype(str).to_dict() == {
        "n": "float64",
        "t": "str" if pd.__version__ >= "3" else "object",
        "x": "float64",
        "at": "datetime64[us]",
    }
    assert frame["t"].isna().tolist() == [False, False, False, False, True]
    frame.loc[0, "x"] = 5.0  # it can be written to
    assert frame["x"].tolist()[0] == 5.0


def test_whole_numbers_stay_whole_where_none_is_missing(opened):
    with opened("n,b\n1,true\n2,false\n") as table:
        frame = table.to_pandas()
    assert frame.dtypes.astype(str).tolist() == ["int64", "bool"]
    assert frame.index.tolist() == [0, 1]


def test_the_column_with_the_moments_is_the_index_as_well(opened):
    with opened(TEXT, timestamp="at") as table:
        frame = table.to_pandas()
    assert frame.index.name == "at"
    assert frame.loc["2024-05-01", "n"] == 1.0
    assert list(frame.columns) == ["n", "t", "x", "at"]


def test_a_column_with_moments_that_is_not_there_is_told(opened):
    with (
        opened(TEXT, timestamp="when") as table,
        pytest.raises(ColumnNotFoundError, match="no column 'when'"),
    ):
        table.to_pandas()


def test_a_moment_far_away_is_a_moment(opened):
    with opened("at\n1000-01-01\n9999-12-31\n") as table:
        assert table.to_pandas()["at"].tolist() == [
            datetime.fromisoformat("1000-01-01"),
            datetime.fromisoformat("9999-12-31"),
        ]


def test_what_does_not_fit_is_counted_once_all_is_read(opened):
    with opened("n\n" + "1\n" * 10 + "x\n", types={"n": "integer"}) as table:
        assert table.head(2).num_rows == 2
        assert table.notices == ()
        assert table.faults() == {"n": 1}
        assert table.notices == ("1 value of column 'n' is no integer and was read as missing.",)
    header = ",".join(f"c{n}" for n in range(12))
    with opened(
        f"{header}\n{','.join('x' * 12)}\n", types={f"c{n}": "integer" for n in range(12)}
    ) as table:
        table.to_pandas()
        assert len(table.notices) == 11
        assert table.notices[-1] == "So were values of 2 more columns."


def test_rows_are_written_and_read_again(opened, tmp_path):
    with opened(TEXT) as table:
        rows = table.to_arrow().to_pylist()
        (csv,) = table.write(tmp_path / "out", "csv", separator=";")
        (parquet,) = table.write(tmp_path / "out2" / "deep", "parquet")
    assert csv.read_text().splitlines()[:2] == ["n;t;x;at", "3;b;;2024-05-03 00:00:00"]
    assert pq.read_table(parquet).to_pylist() == rows


def test_written_values_may_hold_separators_and_odd_names(opened, tmp_path):
    with opened('"a;""b",c\n"x;y",z\n') as table:
        (path,) = table.write(tmp_path / "o'ut", "csv", separator=";")
    assert path.read_text() == '"a;""b";c\n"x;y";z\n'


def test_rows_are_written_into_folders_by_values(opened, tmp_path):
    steps = ({"transform": "take", "count": 3},)  # a value is bound in the SELECT
    with opened(TEXT, steps=steps) as table:
        found = table.write(tmp_path / "out", "parquet", partition_by=["t"])
        assert [str(path.relative_to(tmp_path / "out")) for path in found] == [
            "t=a/part_0.parquet",
            "t=b/part_0.parquet",
        ]
        assert pq.ParquetFile(found[1]).read().column("n").to_pylist() == [3, 2]
        with pytest.raises(ColumnNotFoundError, match="no column 'z'"):
            table.write(tmp_path / "out", "csv", partition_by=["z"])
        with pytest.raises(InvalidArgumentError, match="as 'csv' or 'parquet', not as 'xlsx'"):
            table.write(tmp_path / "out", "xlsx")


def test_a_folder_that_cannot_be_made_is_told(opened, tmp_path):
    (tmp_path / "file").write_text("")
    with (
        opened(TEXT) as table,
        pytest.raises(DataAccessError, match=r"The folder .*file/out' cannot be made: Not a dir"),
    ):
        table.write(tmp_path / "file" / "out", "csv")


def test_the_select_can_be_used_in_other_queries(opened):
    steps = ({"transform": "take", "count": 2},)
    with opened(TEXT, steps=steps) as table:
        query = f"SELECT sum(n) FROM ({table.sql})"
        assert table.connection.execute(query, table.parameters).fetchall() == [(4,)]


def test_nothing_is_loaded_from_the_network_and_no_variable_is_a_table(opened):
    some_table = pd.DataFrame({"a": [1]})
    assert len(some_table) == 1
    with opened(TEXT) as table:
        setting = "SELECT current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions')"
        assert table.connection.execute(setting).fetchall() == [(False, False)]
        loaded = {
            row[0]
            for row in table.connection.execute(
                "SELECT extension_name FROM duckdb_extensions() WHERE loaded"
            ).fetchall()
        }
        assert {"parquet", "json", "icu"} <= loaded
    with pytest.raises(InvalidDatasetError, match="some_table"), opened(TEXT) as table:
        table.connection.execute("SELECT * FROM some_table")


def test_files_can_be_given(sqlite_store, tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"t\n{name}\n")
    definition = Definition("tabular", (Location(str(tmp_path / "*.csv")),), "delimited")
    files = find_files(sqlite_store, definition)
    with tabular.opened(sqlite_store, definition, files[1:]) as table:
        assert table.head().to_pylist() == [{"t": "b"}]


def test_a_dataset_without_files_is_told(sqlite_store, tmp_path):
    definition = Definition("tabular", (Location(str(tmp_path / "*.csv")),), "delimited")
    with (
        pytest.raises(DataNotFoundError, match=r"\*.csv"),
        tabular.opened(sqlite_store, definition),
    ):
        pass


def test_a_dataset_of_files_has_no_rows(sqlite_store, tmp_path):
    definition = Definition("file", (Location(str(tmp_path)),))
    with (
        pytest.raises(InvalidDatasetError, match="A dataset of files has no rows"),
        tabular.opened(sqlite_store, definition),
    ):
        pass


def test_several_datasets_are_views_of_one_connection(sqlite_store, tmp_path):
    (tmp_path / "a.csv").write_text("n,t\n1,it's\n2,?\n3,x\n")
    (tmp_path / "b.csv").write_text("n,u\n2,two\n3,three\n")
    even = {"op": "gt", "args": [{"op": "column", "name": "n"}, {"op": "value", "value": 1}]}
    quoted = {
        "op": "ne",
        "args": [{"op": "column", "name": "t"}, {"op": "value", "value": "it's \\ ? {}\0"}],
    }
    steps = (
        {"transform": "filter", "expression": even},
        {"transform": "filter", "expression": quoted},
        {"transform": "split", "low": 0, "high": 1.0, "seed": 1},
    )
    named = {
        'a "b"': Definition(
            "tabular", (Location(str(tmp_path / "a.csv")),), "delimited", steps=steps
        ),
        "b": Definition("tabular", (Location(str(tmp_path / "b.csv")),), "delimited"),
    }
    session = TableSession(sqlite_store)
    for view, definition in named.items():
        session.add_view(view, session.open(definition, None).rows)
    joined = 'SELECT t, u FROM "a ""b""" JOIN b USING (n) ORDER BY n'
    assert session.connection.execute(joined).fetchall() == [("?", "two"), ("x", "three")]
    session.close()


def test_what_was_written_for_a_table_is_removed_with_it(opened, sqlite_store):
    folder = sqlite_store.folder
    with opened("a\né\n".encode("cp1252"), encoding="windows1252") as table:
        assert table.count() == 1
        assert len(list(folder.glob("aml-table-*"))) == 1
    assert list(folder.glob("aml-table-*")) == []


def test_what_a_killed_process_left_is_removed_after_a_day(opened, sqlite_store):
    import os

    old = sqlite_store.folder / "aml-table-0"
    old.mkdir(parents=True)
    os.utime(old, (0, 0))
    with opened("a\né\n".encode("cp1252"), encoding="windows1252") as table:
        assert table.count() == 1
        assert not old.exists()


def test_a_store_that_is_read_only_is_no_hindrance(opened, monkeypatch, tmp_path):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with opened("a\né\n".encode("cp1252"), encoding="windows1252") as table:
        assert table.count() == 1
        assert len(list(tmp_path.glob("aml-table-*"))) == 1


def test_more_than_fits_into_memory_is_sorted(sqlite_store, tmp_path, monkeypatch):
    monkeypatch.setattr("aml_magics.services.data.table.session.MEMORY", 64 * 2**20)
    path = tmp_path / "big.parquet"
    duckdb.execute(
        f"COPY (SELECT range AS n, md5(range::VARCHAR) AS t, md5(range::VARCHAR || 'x') AS u FROM range(2_000_000)) TO '{path}'"
    )
    definition = Definition("tabular", (Location(str(path)),), "parquet")
    with tabular.opened(sqlite_store, definition) as table:
        query = f"SELECT count(*) FROM (SELECT t, row_number() OVER (ORDER BY t) AS r FROM ({table.sql})) WHERE r > 0"
        assert table.connection.execute(query, table.parameters).fetchall() == [(2_000_000,)]


def test_too_little_memory_and_disk_is_told(opened):
    def ask_too_much():
        with opened(TEXT) as table:
            table.connection.execute("SET memory_limit = '20MB'")
            table.connection.execute("SET max_temp_directory_size = '0KB'")
            query = "SELECT list(md5(range::VARCHAR)) FROM range(5_000_000)"
            table.connection.execute(query).fetchall()

    with pytest.raises(DataAccessError, match="There is not enough memory and room on disk"):
        ask_too_much()


def test_a_file_that_goes_away_is_told_by_its_name(opened, tmp_path):
    with opened(TEXT) as table:
        (tmp_path / "rows" / "data.csv").unlink()
        with pytest.raises(DataAccessError, match=r"The data cannot be read: .*data.csv"):
            table.head()


def test_a_value_that_sql_cannot_convert_is_told(opened):
    with (
        pytest.raises(
            InvalidDataError,
            match=r"The data of '.data\.csv' cannot be read as it was said to be: .*'b'",
        ),
        opened(TEXT) as table,
    ):
        table.connection.execute(
            f"SELECT CAST(t AS INTEGER) FROM ({table.sql})", table.parameters
        ).fetchall()


def test_a_reading_that_is_stopped_from_elsewhere_is_told(opened):
    import threading

    def read():
        with opened(TEXT) as table:
            threading.Timer(0.3, table.connection.interrupt).start()
            query = "SELECT sum(hash(a.range)) FROM range(10_000_000) a, range(100_000)"
            table.connection.execute(query).fetchall()

    with pytest.raises(DataAccessError, match="The reading was stopped before its end"):
        read()


@pytest.mark.parametrize(
    "asked",
    [
        "table.count(LONG)",
        "table.page(0, 5, sort='n')",
        "table.to_pandas()",
        "list(table.batches())",
    ],
)
def test_a_user_can_interrupt_a_long_reading(scripts, tmp_path, asked):
    path = tmp_path / "a.parquet"
    duckdb.execute(
        f"COPY (SELECT range AS n, md5(range::VARCHAR) AS t FROM range(10_000)) TO '{path}'"
    )
    program = scripts.start(
        f"""
        from aml_magics.kinds._rows import Rows
        from aml_magics.kinds._sql import raw
        from aml_magics.records.data.dataset import Definition, Location
        from aml_magics.services.data.table import table as tabular
        from aml_magics.services.filter.grammar import read_row_filter
        LONG = read_row_filter("n > 1", ["n"])
        definition = Definition("tabular", (Location({str(path)!r}),), "parquet")
        try:
            with tabular.opened(store, definition) as table:
                one = "(SELECT n FROM read_parquet({str(path)!r}))"
                joined = f"SELECT sum(hash(a.n * b.n * c.n)) AS n FROM {{one}} a, {{one}} b, {{one}} c"
                table._rows = Rows(raw(joined), table.columns[:1])
                say("begun")
                {asked}
        except KeyboardInterrupt:
            say("interrupted", not list(store.folder.glob("aml-table-*")))
        """,
        MAKE="interrupted",
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "begun\n"
    time.sleep(0.5)
    program.send_signal(signal.SIGINT)
    assert finish(program) == "interrupted True\n"


def test_reading_all_of_a_large_file_by_batches_takes_little_memory(sqlite_store, tmp_path):
    path = tmp_path / "big.csv"
    duckdb.execute(
        f"COPY (SELECT range AS n, md5(range::VARCHAR) AS t FROM range(3_000_000)) TO '{path}'"
    )
    definition = Definition("tabular", (Location(str(path)),), "delimited")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tabular.opened(sqlite_store, definition) as table:
        assert sum(batch.num_rows for batch in table.batches()) == 3_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024


def test_sorted_batches_keep_the_order_of_equal_rows(opened):
    text = "x,y\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(5_000))
    with opened(text) as table:
        found = [
            one for batch in table.sorted_batches(["y"], 1_000) for one in batch["x"].to_pylist()
        ]
        assert found == [*range(0, 5_000, 2), *range(1, 5_000, 2)]
        with pytest.raises(ColumnNotFoundError, match="z"):
            list(table.sorted_batches(["z"]))
