"""What a file is taken for, by its first bytes."""

from __future__ import annotations

import gzip

import pytest

from aml_magics.errors import InvalidDataError
from aml_magics.services.data.guess import guess_head


def delimited(head, **more):
    found = guess_head(head, "data", **more)
    assert found.format == "delimited"
    return found.options


@pytest.mark.parametrize(
    ("head", "separator"),
    [
        (b"a,b\n1,2\n", ","),
        (b"a;b\n1,5;2\n", ";"),
        (b"a\tb c\n1\t2 3\n", "\t"),
        (b"a|b\nx, y|z\n", "|"),
        (b"a b\n1 2\n", " "),
        (b"one\ntwo\n", ","),
        (b"id,text\n1,the quick brown fox\n2,a b c d\n", ","),
    ],
)
def test_the_separator_is_the_one_that_rows_agree_about(head, separator):
    assert delimited(head)["separator"] == separator


@pytest.mark.parametrize(
    ("head", "header"),
    [
        (b"age,city\n3,Bonn\n", "all_files_same"),
        (b"city,land\nBonn,DE\n", "all_files_same"),
        (b",age\n0,3\n", "all_files_same"),
        (b"3,Bonn\n4,Ulm\n", "no_headers"),
        (b"2020-01-01,x\n2020-01-02,y\n", "no_headers"),
        (b"x,x\ny,z\n", "no_headers"),
        (b"x,,z\ny,z,z\n", "no_headers"),
        (b"1.5e3;x\n2;y\n", "no_headers"),
    ],
)
def test_a_first_row_of_names_is_a_header(head, header):
    assert delimited(head)["header"] == header


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("größe,b\n1,2".encode(), "utf8"),
        ("größe,b\n1,2".encode("utf-8-sig"), "utf8bom"),
        ("größe,b\n1,2".encode("utf-16"), "utf16"),
        ("größe,b\n1,2".encode("utf-32"), "utf32"),
        ("größe,b\n1,2".encode("cp1252"), "windows1252"),
        (b"a\x81,b\n1,2", "latin1"),
    ],
)
def test_the_encoding_is_found(head, encoding):
    assert delimited(head)["encoding"] == encoding


def test_a_head_that_ends_in_the_middle_of_a_letter_is_utf8():
    assert delimited("a,b\n1,ä".encode()[:-1], is_whole=False)["encoding"] == "utf8"


def test_quoted_line_breaks_are_seen():
    assert delimited(b'id,text\n1,"x\ny"\n')["multi_line"]
    assert not delimited(b"id,text\n1,x\n")["multi_line"]


def test_the_part_of_a_row_at_the_end_of_the_head_does_not_count():
    assert delimited(b"a,b\n1,2\n3;4;5;6", is_whole=False)["separator"] == ","


def test_a_value_longer_than_any_cell_is_survived():
    assert delimited(b"a,b\n" + b"x" * 200_000 + b",2\n")["separator"] == ","


def test_parquet_and_json_lines_are_known_by_their_beginning():
    assert guess_head(b"PAR1\x15\x04", "data").format == "parquet"
    found = guess_head(b'\xef\xbb\xbf{"a": 1}\n{"a": 2}\n', "data")
    assert (found.format, found.options) == ("json_lines", {"encoding": "utf8bom"})


def test_packed_text_is_looked_into():
    packed = gzip.compress(b"a;b\n1;2\n")
    assert guess_head(packed, "data.csv.gz").options["separator"] == ";"
    with pytest.raises(
        InvalidDataError, match=r"'data\.csv\.gz' cannot be unpacked: it is damaged"
    ):
        guess_head(packed[:10] + b"\xff" * 20, "data.csv.gz")
    with pytest.raises(InvalidDataError, match=r"'data' is packed by gzip; end its name with \.gz"):
        guess_head(packed, "data")


@pytest.mark.parametrize("head", [b"{not json,b\n1,2\n", b"[x],b\n1,2\n"])
def test_text_that_only_begins_like_json_is_delimited(head):
    assert delimited(head)["separator"] == ","


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "'data' is empty"),
        (b" \n \n", "'data' is empty"),
        (b"a,b\0c\n", "not text: it has NUL bytes"),
        (b"\x80\x04\x95\0", "a pickle of Python"),
        (b'[{"a": 1}]', "one JSON list; JSON lines are read"),
        (b"PK\x03\x04rest", "a zip file or an Excel workbook; unpack it, or save"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\x89PNG\r\n", "an image"),
        (b"%PDF-1.7", "a PDF document"),
    ],
)
def test_what_is_no_table_is_told(head, words):
    with pytest.raises(InvalidDataError, match=words):
        guess_head(head, "data")
