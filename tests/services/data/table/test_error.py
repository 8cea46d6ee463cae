"""What the real DuckDB says of broken files is known by its text: a release that changes one fails here."""

from __future__ import annotations

import gzip
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aml_magics.errors import DataAccessError, InvalidDataError, InvalidDatasetError

LINES = b"".join(b"%d,%d\n" % (n, n * 7_919 % 10_007) for n in range(200_000))
LATE = b"a,b\n" + b"1,x\n" * 100_000


def parquet():
    sink = io.BytesIO()
    pq.write_table(pa.table({"a": list(range(1_000))}), sink)
    return sink.getvalue()


CASES = {
    "too many values": ("data.csv", LATE + b"3,4,5\n", "'/data.csv', line 100,002, has 3 values where"),
    "an open quote": ("data.csv", LATE + b'2,"y\n3,z\n', "line 100,002, has a quote that does not end"),
    "another encoding": ("data.csv", LATE + b"2,\xe9\n", "line 100,002, is not of the encoding that"),
    "a gzip that is cut off": ("a.csv.gz", gzip.compress(LINES)[:-9_000], "'/a.csv.gz' cannot be unpacked"),
    "no JSON": ("a.jsonl", b'{"a": 1}\n' * 9 + b'{"a": 2\n{"a": 3}\n', "'/a.jsonl', line 10, is no JSON (unex"),
    "no JSON object": ("a.jsonl", b'{"a": 1}\n[5]\n', "has a line with JSON that is no object ('[5]')"),
    "no Parquet": ("a.parquet", b"a,b\n" * 9, "'/a.parquet' is no Parquet, or it is cut off or damaged (No m"),
    "a short Parquet": ("a.parquet", b"a", "'/a.parquet' is no Parquet, or it is cut off or damaged (File"),
    "a Parquet without a footer": ("a.parquet", b"PAR1" * 9, "'/a.parquet' is no Parquet, or it is cut off"),
    "a damaged Parquet": ("a.parquet", parquet()[:50] + b"\xff" * 40 + parquet()[90:], "'/a.parquet' cannot be unpacked"),
}  # fmt: skip
FORMATS = {"jsonl": "json_lines", "parquet": "parquet"}


@pytest.mark.parametrize("case", CASES)
def test_a_broken_file_is_told_with_its_name_and_a_remedy(opened, case):
    name, content, message = CASES[case]
    format_ = FORMATS.get(name.rpartition(".")[2], "delimited")
    options = {"header": "no_headers"} if "zip" in case and format_ == "delimited" else {}
    with (
        pytest.raises(InvalidDataError) as caught,
        opened({name: content}, format_, **options) as table,
    ):
        table.to_arrow()
    assert message in str(caught.value)


def test_a_line_in_quotes_that_is_longer_than_a_buffer_is_told(opened):
    text = b"a,b\n" + b"1,2\n" * 50_000 + b"1," + b"x" * 20_000_000 + b"\n1,2\n"
    with (
        pytest.raises(InvalidDataError, match="longer than a line may be"),
        opened(text, multi_line=True) as table,
    ):
        table.to_arrow()


def test_what_is_not_known_is_passed_through_with_the_names_of_files(opened):
    with (
        opened({"a.csv": "a\nx\n"}) as table,
        pytest.raises(InvalidDatasetError) as asked,
        table.explaining(),
    ):
        table.connection.execute(f"SELECT no_such_function(a) FROM ({table.sql})", table.parameters)
    assert str(asked.value).startswith(
        "That cannot be asked of this dataset: Scalar Function with name no_such"
    )
    with (
        opened({"a.csv": "a\nx\n"}) as table,
        pytest.raises(DataAccessError) as read,
        table.explaining(),
    ):
        table.connection.execute("FROM read_csv('/not/there.csv')")
    assert str(read.value).startswith("The data cannot be read: No files found that match")
