"""Tables of files that are elsewhere."""

from __future__ import annotations

import io

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aml_magics.errors import DataAccessError, InvalidDataError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data.table import file as tabular_file
from aml_magics.services.data.table import table as tabular
from aml_magics.services.data.table.file import TableFiles
from tests.fixtures.tables import CountedBytes

ROOT = "memory://tables"


@pytest.fixture
def memory():
    files = fsspec.filesystem("memory")
    yield files
    if files.exists("/tables"):
        files.rm("/tables", recursive=True)


def parquet(rows):
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file, row_group_size=1_000)
    return file.getvalue()


def definition(pattern, format="delimited", **options):
    return Definition("tabular", (Location(f"{ROOT}/{pattern}"),), format, options)


def rows(store, wanted):
    with tabular.opened(store, wanted) as table:
        return [tuple(row.values()) for row in table.to_arrow().to_pylist()]


def test_csv_is_read_in_order_with_its_paths(sqlite_store, memory):
    memory.pipe({"/tables/b.csv": b"n,t\n2,y\n", "/tables/a.csv": b"n,t\n1,x\n"})
    wanted = definition("*.csv", include_path=True)
    assert rows(sqlite_store, wanted) == [(1, "x", "/a.csv"), (2, "y", "/b.csv")]


@pytest.mark.parametrize(
    ("name", "content", "format", "options"),
    [
        ("a.parquet", parquet([{"n": 1, "t": "é"}]), "parquet", {}),
        ("a.jsonl", '{"n": 1, "t": "é"}\n'.encode(), "json_lines", {}),
        ("a.csv", "n,t\n1,é\n".encode("latin-1"), "delimited", {"encoding": "latin1"}),
        ("a.csv", "n,t\n1,é\n".encode("cp1252"), "delimited", {"encoding": "windows1252"}),
        ("a*[1]'?.csv", "n,t\n1,é\n".encode(), "delimited", {}),
    ],
)
def test_every_format_is_read(sqlite_store, memory, name, content, format, options):
    memory.pipe({f"/tables/{name}": content})
    wanted = Definition("tabular", (Location(ROOT),), format, options)
    assert rows(sqlite_store, wanted) == [(1, "é")]


def test_a_packed_file_is_read(sqlite_store, memory):
    import gzip

    memory.pipe({"/tables/a.csv.gz": gzip.compress(b"n\n1\n")})
    assert rows(sqlite_store, definition("*.gz")) == [(1,)]


@pytest.mark.parametrize("format", ["delimited", "parquet"])
def test_a_preview_reads_the_beginning_alone(sqlite_store, memory, monkeypatch, format):
    made = [{"n": n, "t": f"{n:064x}"} for n in range(1_000_000)]
    if format == "parquet":
        content = parquet(made)
    else:
        content = b"n,t\n" + b"".join(f"{row['n']},{row['t']}\n".encode() for row in made)
    memory.pipe({"/tables/big": content})
    read = []
    monkeypatch.setattr(tabular_file, "open_file", lambda found: CountedBytes(content, read))
    with tabular.opened(sqlite_store, definition("big", format)) as table:
        assert table.head(100).to_pylist() == made[:100]
    assert sum(read) < min(len(content) / 2, 20_000_000)


def test_what_goes_wrong_there_is_told_in_its_own_words(sqlite_store, memory, monkeypatch):
    memory.pipe({"/tables/a.csv": b"n,t\n1,x\n"})

    def away(found):
        raise DataAccessError("Datastore 'x' does not answer; check the network.")

    with tabular.opened(sqlite_store, definition("a.csv")) as table:
        monkeypatch.setattr(tabular_file, "open_file", away)
        with pytest.raises(DataAccessError, match="Datastore 'x' does not answer"):
            table.head()


def test_a_bad_row_is_told_with_file_and_line(sqlite_store, memory):
    memory.pipe({"/tables/a.csv": b"n,t\n1,x\n2,y,z\n"})
    with pytest.raises(InvalidDataError, match=r"'/a.csv', line 3, has 3 values"):
        rows(sqlite_store, definition("*.csv"))


def test_only_some_headers_of_far_files_are_looked_at(sqlite_store, memory):
    memory.pipe({f"/tables/{n:03}.csv": b"n\n1\n" for n in range(60)})
    assert len(rows(sqlite_store, definition("*.csv"))) == 60
    memory.pipe({"/tables/001.csv": b"m\n1\n"})
    with pytest.raises(InvalidDataError, match=r"'/001.csv' has other columns than '/000.csv'"):
        rows(sqlite_store, definition("*.csv"))


def test_a_file_is_only_read():
    files = TableFiles("aml1")
    with pytest.raises(DataAccessError, match="A table only reads its files"):
        files.open("aml1://0", "wb")
    assert not files.exists("aml1://0")
    assert files.glob("aml1://0") == []
