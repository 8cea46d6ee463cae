"""Files that are something else than their name says."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import pickle
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aml_magics.errors import InvalidDataError


class Evil:
    """Makes a file where it is loaded."""

    def __reduce__(self):
        return os.mkdir, ("was-loaded",)


def zipped(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", content)
    return file.getvalue()


def parquet():
    file = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", gzip.compress(b"a\n1\n"), r"'/a\.csv' is packed by gzip; end its name with \.gz"),
        ("a.csv.bz2", bz2.compress(b"a\n1\n"), "packed by bzip2; unpack it"),
        ("a.csv.xz", lzma.compress(b"a\n1\n"), "packed by xz; unpack it"),
        ("a.zip", zipped("a\n1\n"), "a zip file or an Excel workbook"),
        ("a.csv", parquet(), "a Parquet file; read it by"),
        ("a.csv", pickle.dumps(Evil()), "a pickle of Python, which could run anything"),
        ("a.csv", b"SQLite format 3\0rest", "an SQLite database"),
        ("a.csv.gz", b"a\n1\n", r"'/a\.csv\.gz' cannot be unpacked"),
        ("a.csv.gz", gzip.compress(b"a\n" + b"1\n" * 9_000)[:-9], "cannot be unpacked"),
    ],
    ids=["gzip", "bzip2", "xz", "zip", "parquet", "pickle", "sqlite", "no gzip", "cut gzip"],
)
@pytest.mark.parametrize("format", ["delimited", "json_lines"])
def test_what_is_no_text_is_named_and_nothing_of_it_runs(
    rows, tmp_path, name, content, message, format
):
    with pytest.raises(InvalidDataError, match=message) as caught:
        rows({name: content}, format)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "was-loaded").exists()


def test_the_end_of_a_name_may_be_in_capitals(rows):
    assert rows({"A.CSV.GZ": gzip.compress(b"a\n1\n")}) == [(1,)]


def test_a_packed_file_that_is_cut_off_later_is_named(rows):
    content = gzip.compress(b"".join(b"%d,%d\n" % (n, n * 7_919 % 10_007) for n in range(200_000)))
    with pytest.raises(InvalidDataError, match=r"'/a\.csv\.gz' cannot be unpacked to its end"):
        rows({"a.csv.gz": content[:-9_000]}, header="no_headers")


@pytest.mark.parametrize("end", ["", "\n", "\n1,2\n"])
@pytest.mark.parametrize("multi_line", [False, True])
def test_a_line_that_is_too_long_is_told_and_never_left_out(rows, end, multi_line):
    text = "a,b\n" + "1,2\n" * 50_000 + "1," + "x" * 20_000_000 + end
    with pytest.raises(InvalidDataError, match=r"'/data\.csv'.* longer than a line may be"):
        rows(text, multi_line=multi_line)


def test_a_packed_line_that_is_too_long_is_told(rows):
    text = "a,b\n" + "1,2\n" * 50_000 + "1," + "x" * 20_000_000 + "\n"
    with pytest.raises(InvalidDataError, match=r"'/data\.csv\.gz'.* longer than a line may be"):
        rows({"data.csv.gz": gzip.compress(text.encode(), 1)})


def test_a_text_without_lines_is_told(rows):
    with pytest.raises(InvalidDataError, match=r"first lines of '/data\.csv' have more than"):
        rows("x" * 70_000_000)


@pytest.mark.parametrize("name", ["a\nb.csv", "a[1].csv", "a'b.csv", "a\\*.csv"])
def test_a_bad_row_in_a_file_of_any_name_is_told_by_that_name(rows, name):
    with pytest.raises(InvalidDataError) as caught:
        rows({name: "a\n1\n1,2\n"})
    assert str(caught.value).startswith(f"{'/' + name!r}, line 3, has 2 values")


def test_a_name_that_is_no_text_is_read_and_shown(rows):
    found = rows({os.fsdecode(b"\xff.csv"): "a\n1\n"}, include_path=True)
    assert found == [(1, "/\\xff.csv")]


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n" * 9, parquet()[:-20], b"PAR1" * 9], ids=range(4)
)
def test_parquet_that_is_none_is_told_by_its_name(rows, content):
    with pytest.raises(InvalidDataError, match=r"The data of '/a\.parquet' is no Parquet, or"):
        rows({"a.parquet": content}, "parquet")


def test_long_and_many_keys_of_json(rows):
    long = '{"a": "' + "x" * 2_000_000 + '"}\n'
    assert len(rows({"a.jsonl": long}, "json_lines")[0][0]) == 2_000_000
    many = "{" + ",".join(f'"c{n}":1' for n in range(3_000)) + "}\n"
    with pytest.raises(InvalidDataError, match="has 3,000 keys in its objects, and at most 2,000"):
        rows({"a.jsonl": many}, "json_lines")
    with pytest.raises(InvalidDataError, match="A list becomes lines by pandas"):
        rows({"a.jsonl": '[{"a": 1}]'}, "json_lines")
    with pytest.raises(InvalidDataError, match=r"'/a\.jsonl', line 1, has more than 67,108,864"):
        rows({"a.jsonl": '{"a": "' + "x" * 70_000_000 + '"}\n' * 2}, "json_lines")
