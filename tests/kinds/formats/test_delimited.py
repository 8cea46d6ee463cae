"""CSV and its relatives, as people and programs write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from aml_magics.errors import ColumnNotFoundError, InvalidDataError, InvalidDatasetError
from aml_magics.kinds.formats.delimited import MOST_COLUMNS, Delimited


def types_of(table):
    return {column.name: column.type for column in table.columns}


def names_of(table):
    return [column.name for column in table.columns]


def test_types_are_guessed_from_the_first_rows(opened):
    text = "n,x,flag,name,day,at\n1,1.5,true,Ann,2024-05-01,2024-05-01 12:30:00\n-2,2,False,Bo,2024-05-02,2024-05-02T00:00\n"
    with opened(text) as table:
        assert types_of(table) == {
            "n": "integer",
            "x": "decimal",
            "flag": "boolean",
            "name": "string",
            "day": "datetime",
            "at": "datetime",
        }
        assert table.head().to_pylist()[0] == {
            "n": 1,
            "x": 1.5,
            "flag": True,
            "name": "Ann",
            "day": datetime.fromisoformat("2024-05-01"),
            "at": datetime.fromisoformat("2024-05-01T12:30:00"),
        }


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["5/13/2024", "12/1/2024"], datetime.fromisoformat("2024-05-13")),
        (["13/5/2024", "1/12/2024"], datetime.fromisoformat("2024-05-13")),
        (["13.05.2024", "01.12.2024"], datetime.fromisoformat("2024-05-13")),
        (["05/13/2024 07:08", "12/01/2024"], datetime.fromisoformat("2024-05-13T07:08:00")),
        (
            ["05/13/2024 7:08:09 PM", "12/01/2024 07:08:09 AM"],
            datetime.fromisoformat("2024-05-13T19:08:09"),
        ),
        (["2024/05/13", "2024/12/01"], datetime.fromisoformat("2024-05-13")),
        (
            ["2024-05-13T02:00:00+02:00", "2024-12-01T00:00:00Z"],
            datetime.fromisoformat("2024-05-13"),
        ),
        (
            ["2024-05-13 00:00:00.250", "2024-12-01"],
            datetime.fromisoformat("2024-05-13T00:00:00.250000"),
        ),
    ],
)
def test_moments_are_guessed_in_the_forms_that_people_write(rows, texts, found):
    assert rows("at\n" + "\n".join(texts) + "\n")[0] == (found,)


@pytest.mark.parametrize(
    "texts",
    [
        ["13/14/2024"],
        ["1/2/2024", "1.2.2024"],
        ["2024-05-01", "yesterday"],
        ["nan", "inf"],
        ["12345678901234567890"],
        ["0x1F"],
        ["1_000"],
        ["1,5"],
        [""],
    ],
)
def test_what_is_of_no_type_stays_text(opened, texts):
    with opened("a;b\n" + "".join(f"{text};1\n" for text in texts), separator=";") as table:
        assert types_of(table)["a"] == "string"


def test_a_value_that_does_not_fit_later_is_missing_and_counted(opened):
    text = "n,m\n" + "1,2\n" * 6_000 + "x,1.5\n2.0,1_0\n,3\n"
    with opened(text) as table:
        assert table.notices == ()
        frame = table.to_pandas()
        assert frame["n"].tolist()[-2:-1] == [2.0]
        assert frame["n"].isna().sum() == 2
        assert frame["m"].isna().sum() == 2
        assert table.notices == (
            "1 value of column 'n' is no integer and was read as missing.",
            "2 values of column 'm' are no integer and were read as missing.",
        )
        with pytest.raises(
            InvalidDataError,
            match=r"1 value of column 'n' is no integer.*Give the column another type",
        ):
            table.to_pandas(on_error="fail")


def test_types_can_be_said_and_guessing_can_be_left_out(opened):
    text = "id,when,x\n007,01-02-2024,1\n"
    with opened(text, infer_types=False) as table:
        assert table.head().to_pylist() == [{"id": "007", "when": "01-02-2024", "x": "1"}]
    types = {"id": "string", "when": {"type": "datetime", "formats": ["%d-%m-%Y"]}, "x": "decimal"}
    with opened(text, types=types) as table:
        assert table.head().to_pylist() == [
            {"id": "007", "when": datetime.fromisoformat("2024-02-01"), "x": 1.0}
        ]


def test_a_type_for_a_column_that_is_not_there_is_refused(rows):
    with pytest.raises(ColumnNotFoundError, match=r"no column 'agee'. Did you mean 'age'"):
        rows("age\n1\n", types={"agee": "string"})


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("utf8", "utf-8"),
        ("utf8", "utf-8-sig"),
        ("utf8bom", "utf-8-sig"),
        ("ascii", "utf-8"),
        ("iso88591", "latin-1"),
        ("latin1", "latin-1"),
        ("windows1252", "cp1252"),
        ("utf16", "utf-16"),
        ("utf16", "utf-16-be-bom"),
        ("utf32", "utf-32"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_is_read_in_its_encoding(rows, encoding, codec, end):
    text = f"stadt,zahl{end}Köln,1{end}Ménage,2{end}"
    content = (
        b"\xfe\xff" + text.encode("utf-16-be") if codec == "utf-16-be-bom" else text.encode(codec)
    )
    assert rows(content, encoding=encoding) == [("Köln", 1), ("Ménage", 2)]


def test_windows_text_has_its_own_letters(rows):
    assert rows("a\n“€”\n".encode("cp1252"), encoding="windows1252") == [("“€”",)]


@pytest.mark.parametrize(
    ("content", "encoding", "line"),
    [
        (b"a,b\n1,x\n2,\xe9\n", "utf8", 3),
        (b"a,b\n" + b"1,x\n" * 200_000 + b"2,\xe9\n", "utf8", 200_002),
        (b"a,b\n1,x\n2,\x81\n", "windows1252", 3),
        (b"a,b\n" + b"1,x\n" * 200_000 + b"2,\x81\n", "windows1252", 200_002),
    ],
)
def test_text_of_another_encoding_is_refused_with_its_line(rows, content, encoding, line):
    with pytest.raises(
        InvalidDataError, match=rf"'/data.csv', line {line:,}, is not of the encoding"
    ):
        rows(content, encoding=encoding)


@pytest.mark.parametrize(
    "text",
    [
        "a,b\r\n1,x\n2,y\r\n3,z",
        "a,b\n1,x\r\n2,y\n3,z\n",
        "a,b\r1,x\r2,y\r3,z\r",
        "a,b\n1,x\r2,y\r\n3,z",
        "a,b\n\n1,x\n\n2,y\n3,z\n\n",
    ],
)
def test_lines_end_as_they_like(rows, text):
    assert rows(text) == [(1, "x"), (2, "y"), (3, "z")]


def test_quotes_hold_separators_and_quotes(rows):
    text = 'a,b\n"1,5","say ""hi"""\n"",x\n2,"5\'"\n'
    assert rows(text) == [("1,5", 'say "hi"'), (None, "x"), ("2", "5'")]


def test_quotes_hold_line_breaks_where_it_is_said(rows):
    text = 'a,b\n1,"two\nlines"\n2,y\n'
    assert rows(text, multi_line=True) == [(1, "two\nlines"), (2, "y")]
    with pytest.raises(InvalidDataError, match="line 2, has a quote that does not end on its line"):
        rows(text)


def test_a_quote_that_never_ends_is_refused_with_its_line(rows):
    with pytest.raises(
        InvalidDataError, match=r"'/data.csv', line 3, has a quote that does not end"
    ):
        rows('a,b\n1,x\n2,"y\n3,z\n')


def test_missing_values_at_the_end_of_a_row_are_missing(rows):
    assert rows("a,b,c\n1,2,3\n4\n5,6\n") == [(1, 2, 3), (4, None, None), (5, 6, None)]


def test_a_row_with_too_many_values_is_refused_with_file_and_line(rows):
    with pytest.raises(
        InvalidDataError, match=r"'/data.csv', line 3, has 3 values where there are 2 columns"
    ):
        rows("a,b\n1,2\n3,4,5\n")


def test_an_empty_value_is_missing_unless_it_is_said(rows):
    text = 'a,b\n,1\n"",2\nx,\n'
    assert rows(text) == [(None, 1), (None, 2), ("x", None)]
    assert rows(text, empty_as_string=True) == [("", 1), ("", 2), ("x", None)]


def test_a_nul_is_a_letter(rows):
    assert rows(b"a,b\nx\x00y,1\n") == [("x\0y", 1)]


def test_names_may_be_blank_doubled_or_odd(opened):
    text = 'a,,"x ""y""",a,A,a_1,<b>,"b;--",a\x00b\n1,2,3,4,5,6,7,8,9\n'
    with opened(text) as table:
        assert names_of(table) == [
            "a", "Column2", 'x "y"', "a_2", "A_3", "a_1", "<b>", "b;--", "ab",
        ]  # fmt: skip
        assert list(table.head().to_pylist()[0].values()) == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_columns_of_the_engines_own_names_are_columns(rows):
    text = "file_index,filename,key,value,0\n5,x,k,v,7\n"
    assert rows(text, include_path=True) == [(5, "x", "k", "v", 7, "/data.csv")]


def test_a_header_alone_gives_no_rows(opened):
    with opened("a,b\n") as table:
        assert names_of(table) == ["a", "b"]
        assert table.count() == 0
    with opened("a,b") as table:
        assert table.to_pandas().empty


def test_an_empty_file_is_refused_by_its_name_and_passed_over_beside_others(rows):
    with pytest.raises(
        InvalidDataError, match=r"'/data.csv' is empty: it has no row, and no header"
    ):
        rows("")
    assert rows({"data.csv": "", "z.csv": "a\n1\n"}) == [(1,)]


def test_files_come_in_order_and_each_header_is_left_out(rows):
    files = {"b.csv": "a\n3\n", "a.csv": "a\n1\n2\n", "c/d.csv": "a\n4\n"}
    assert rows(files, include_path=True) == [
        (1, "/a.csv"),
        (2, "/a.csv"),
        (3, "/b.csv"),
        (4, "/c/d.csv"),
    ]


def test_without_a_header_columns_are_numbered(rows, opened):
    files = {"a.csv": "1,x\n", "b.csv": "2,y\n"}
    assert rows(files, header="no_headers") == [(1, "x"), (2, "y")]
    with opened(files, header="no_headers") as table:
        assert names_of(table) == ["Column1", "Column2"]


def test_the_first_file_alone_may_have_the_header(rows):
    files = {"a.csv": "n,t\n1,x\n", "b.csv": "2,y\n"}
    assert rows(files, header="only_first") == [(1, "x"), (2, "y")]


def test_files_with_other_columns_are_refused_by_name(rows):
    files = {"a.csv": "a,b\n1,2\n", "b.csv": "a,c\n1,2\n"}
    with pytest.raises(
        InvalidDataError,
        match=r"'/b.csv' has other columns than '/a.csv': it lacks 'b' and has also 'c'",
    ):
        rows(files)
    with pytest.raises(InvalidDataError, match="has them in another order"):
        rows({"a.csv": "a,b\n1,2\n", "b.csv": "b,a\n1,2\n"})


def test_files_with_other_columns_are_read_by_name_where_it_is_said(rows, opened):
    files = {"a.csv": "a,b\n1,x\n", "b.csv": "b,c\ny,2.5\n", "c.csv": "c,a\n3,4\n"}
    assert rows(files, header="all_files_different") == [
        (1, "x", None),
        (None, "y", 2.5),
        (4, None, 3.0),
    ]
    with opened(files, header="all_files_different", include_path=True) as table:
        assert table.head().column("Path").to_pylist() == ["/a.csv", "/b.csv", "/c.csv"]


def test_what_a_path_says_becomes_columns(opened):
    files = {"bonn/2024-05.csv": "a\n1\n", "koeln/2024-06.csv": "a\n2\n"}
    with opened(files, partition_format="{city}/{month:yyyy-MM}.csv") as table:
        assert [tuple(column) for column in table.columns] == [
            ("a", "integer"),
            ("city", "string"),
            ("month", "datetime"),
        ]
        assert table.to_arrow().to_pylist() == [
            {"a": 1, "city": "bonn", "month": datetime.fromisoformat("2024-05-01")},
            {"a": 2, "city": "koeln", "month": datetime.fromisoformat("2024-06-01")},
        ]


def test_a_column_of_the_path_that_is_in_the_file_too_gets_another_name(opened):
    with opened(
        {"x/a.csv": "city,Path\n1,2\n"}, partition_format="{city}/a.csv", include_path=True
    ) as table:
        assert names_of(table) == ["city", "Path", "city_1", "Path_1"]


@pytest.mark.parametrize(
    "name", ["a[1].csv", "a*.csv", "a?.csv", "a'b.csv", "ä\n.csv", "a[*]\\.csv", "b\\.csv"]
)
def test_a_file_is_read_whatever_its_name(rows, name):
    files = {name: "n\n1\n", "other/a1.csv": "n\n2\n"}
    assert sorted(rows(files)) == [(1,), (2,)]


def test_a_packed_file_is_read(rows):
    import gzip

    assert rows({"a.csv.gz": gzip.compress(b"n,t\n1,x\n")}) == [(1, "x")]


def test_many_columns_are_read_and_too_many_are_refused(opened):
    with opened(",".join(f"c{n}" for n in range(3_000)) + "\n" + ",".join(["1"] * 3_000)) as table:
        assert len(table.columns) == 3_000
        assert table.head().column("c2999").to_pylist() == [1]
    wide = ",".join(f"c{n}" for n in range(100_000)) + "\n" + ",".join(["1"] * 100_000)
    with (
        pytest.raises(
            InvalidDataError, match=f"'/data.csv' has 100,000 columns, and at most {MOST_COLUMNS:,}"
        ),
        opened(wide),
    ):
        pass


def test_a_value_may_be_long(rows):
    long = "x" * 3_000_000
    assert rows(f"a,b\n1,{long}\n2,y\n") == [(1, long), (2, "y")]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seperator": ";"}, "no option 'seperator'. Did you mean 'separator'"),
        ({"separator": ";;"}, "A separator is one character"),
        ({"separator": '"'}, "and no quote or line break"),
        ({"separator": 5}, "'separator' of the format delimited is of type str, not 5"),
        ({"header": "all_same"}, "There is no header 'all_same'"),
        ({"encoding": "utf-9"}, "There is no encoding 'utf-9'. Did you mean 'utf8'"),
        (
            {"types": {"a": "int"}},
            "'a' cannot be of type 'int'. Did you mean 'integer'|There are: string",
        ),
        ({"types": {"a": {"type": "datetime", "formats": [5]}}}, "are written like '%Y-%m-%d'"),
    ],
)
def test_an_option_that_is_none_is_refused(options, message):
    with pytest.raises(InvalidDatasetError, match=message):
        Delimited().check(options)
