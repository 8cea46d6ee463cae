"""Transforms of columns."""

from __future__ import annotations

from datetime import datetime

import pytest

from aml_magics.errors import ColumnNotFoundError, InvalidDatasetError
from aml_magics.kinds.transforms.rename_columns import RenameColumns

TEXT = "a,b,c\n1,x,\n2,,2.5\n"


def step(name, **arguments):
    return {"transform": name, **arguments}


def test_columns_are_kept_in_the_order_of_the_data(rows):
    assert rows(TEXT, steps=(step("keep_columns", columns=["c", "a"]),)) == [(1, None), (2, 2.5)]


def test_columns_are_dropped_but_never_all(rows):
    assert rows(TEXT, steps=(step("drop_columns", columns=["b"]),)) == [(1, None), (2, 2.5)]
    with pytest.raises(InvalidDatasetError, match="drop_columns would drop every column"):
        rows(TEXT, steps=(step("drop_columns", columns=["a", "b", "c"]),))
    with pytest.raises(InvalidDatasetError, match="keep_columns needs at least one column"):
        rows(TEXT, steps=(step("keep_columns", columns=[]),))


def test_a_column_to_keep_that_is_not_there_is_named_with_what_is_near(rows):
    with pytest.raises(
        ColumnNotFoundError, match=r"There is no column 'd'. There are: 'a', 'b', 'c'"
    ):
        rows(TEXT, steps=(step("keep_columns", columns=["d"]),))


def test_a_column_to_drop_that_is_not_there_is_left_out_already(rows):
    all_rows = rows(TEXT)
    assert rows(TEXT, steps=(step("drop_columns", columns=["d", "B"]),)) == all_rows
    assert rows(TEXT, steps=(step("drop_columns", columns=["d", "a", "b"]),)) == [(None,), (2.5,)]


@pytest.mark.parametrize("name", ["keep_columns", "drop_columns"])
def test_a_column_is_named_by_a_text(rows, name):
    with pytest.raises(InvalidDatasetError, match="A column is named by a text, not by 5"):
        rows(TEXT, steps=(step(name, columns=[5]),))


def test_columns_get_other_names_even_each_others(opened):
    steps = (step("rename_columns", names={"a": "b", "b": "a"}),)
    with opened(TEXT, steps=steps) as table:
        assert table.head(1).to_pylist() == [{"b": 1, "a": "x", "c": None}]


def test_two_columns_of_one_name_are_refused(rows):
    with pytest.raises(InvalidDatasetError, match="Two columns would be named 'b'"):
        rows(TEXT, steps=(step("rename_columns", names={"a": "B"}),))
    for new in ("", " ", 5, "a\0"):
        with pytest.raises(InvalidDatasetError, match="A column is named by a text, not by"):
            RenameColumns().check({"names": {"a": new}})


def test_types_are_converted_and_what_does_not_fit_is_missing(opened):
    text = "i,x,t,at,b\n1,1.9,5.0,2024-05-01,true\n2,-1.9,z,2024-05-02,false\n"
    types = {"i": "decimal", "x": "integer", "t": "integer", "at": "string", "b": "integer"}
    with opened(text, steps=(step("convert", types=types),)) as table:
        assert table.head().to_pylist() == [
            {"i": 1.0, "x": 1, "t": 5, "at": "2024-05-01 00:00:00", "b": 1},
            {"i": 2.0, "x": -1, "t": None, "at": "2024-05-02 00:00:00", "b": 0},
        ]


def test_numbers_become_moments_as_seconds_and_texts_by_their_form(rows):
    types = {"s": "datetime", "t": {"type": "datetime", "formats": ["%d/%m/%Y", "%Y%m%d"]}}
    text = "s,t\n86400,31/12/2023\n1.5,20240101\n"
    assert rows(text, steps=(step("convert", types=types),)) == [
        (datetime.fromisoformat("1970-01-02"), datetime.fromisoformat("2023-12-31")),
        (
            datetime.fromisoformat("1970-01-01T00:00:01.500000"),
            datetime.fromisoformat("2024-01-01"),
        ),
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (0, [(1, "x", 0.0), (2, None, 2.5)]),
        ("-", [(1, "x", None), (2, "-", 2.5)]),
        (0.5, [(1, "x", 0.5), (2, None, 2.5)]),
        (True, [(1, "x", None), (2, None, 2.5)]),
    ],
)
def test_missing_values_are_filled_where_the_value_fits(rows, value, found):
    assert rows(TEXT, steps=(step("fill_nulls", value=value),)) == found


def test_columns_are_filled_by_values_of_their_types(opened):
    text = "n,b,at,x\n1,true,2024-05-01,1\n,,,nan\n2,false,2024-05-02,0.5\n"
    steps = (
        step("fill_nulls", value=0.5, columns=["n"]),
        step("fill_nulls", value=False, columns=["b"]),
        step("fill_nulls", value="2024-01-01", columns=["at"]),
        step("fill_nulls", value=7, columns=["x"]),
    )
    with opened(text, steps=steps) as table:
        assert [column.type for column in table.columns] == [
            "decimal",
            "boolean",
            "datetime",
            "decimal",
        ]
        assert list(table.head().to_pylist()[1].values()) == [
            0.5,
            False,
            datetime.fromisoformat("2024-01-01"),
            7.0,
        ]


@pytest.mark.parametrize(("column", "value"), [("a", "x"), ("b", 5), ("a", True)])
def test_a_named_column_that_cannot_hold_the_value_is_refused(rows, column, value):
    with pytest.raises(
        InvalidDatasetError, match=f"The column '{column}' is of type .* and cannot hold"
    ):
        rows(TEXT, steps=(step("fill_nulls", value=value, columns=[column]),))
