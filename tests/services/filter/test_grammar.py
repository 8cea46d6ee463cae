"""Filters of rows as people type them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml_magics.errors import InvalidFilterError
from aml_magics.records.data.column import Column
from aml_magics.records.expression import read_expression
from aml_magics.services.filter.grammar import DEPTH, TERMS, read_row_filter

COLUMNS = ["age", "city", "first name", "a`b", "Größe", "2020", "is", "x-y", "Age2"]


def column(name):
    return {"op": "column", "name": name}


def value(of):
    return {"op": "value", "value": of}


def op(name, *args):
    return {"op": name, "args": list(args)}


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("age > 40", op("gt", column("age"), value(40))),
        ("age>=-4.5e1", op("ge", column("age"), value(-45.0))),
        ("AGE = 1", op("eq", column("age"), value(1))),
        ("age == 1", op("eq", column("age"), value(1))),
        ("age <> 1", op("ne", column("age"), value(1))),
        ("city = 'O''Hara'", op("eq", column("city"), value("O'Hara"))),
        (r'city != "a\"b"', op("ne", column("city"), value('a"b'))),
        ("city = Bonn", op("eq", column("city"), value("Bonn"))),
        ("city = true", op("eq", column("city"), value(True))),
        ("city = 'true'", op("eq", column("city"), value("true"))),
        ("`first name` like '%x%'", op("like", column("first name"), value("%x%"))),
        ("city not like 5", op("not", op("like", column("city"), value("5")))),
        ("`a``b` < 1", op("lt", column("a`b"), value(1))),
        ("Größe <= 1", op("le", column("Größe"), value(1))),
        ("2020 > 5", op("gt", column("2020"), value(5))),
        ("x-y = 1", op("eq", column("x-y"), value(1))),
        ("age is null", op("is_null", column("age"))),
        ("age IS NOT NULL", op("not", op("is_null", column("age")))),
        ("age in (1, 2)", op("in", column("age"), value(1), value(2))),
        ("city not in ('a')", op("not", op("in", column("city"), value("a")))),
        (
            "age > 40 and (city like '%x%' or city is null)",
            op(
                "and",
                op("gt", column("age"), value(40)),
                op("or", op("like", column("city"), value("%x%")), op("is_null", column("city"))),
            ),
        ),
        ("not age > 1 and city = a", op("and", op("not", op("gt", column("age"), value(1))), op("eq", column("city"), value("a")))),
    ],
)  # fmt: skip
def test_a_filter_is_read(text, expression):
    assert read_row_filter(text, COLUMNS) == read_expression(expression)


def test_columns_may_come_with_their_types():
    assert read_row_filter("age = 1", [Column("age", "integer")]).op == "eq"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "lacks a column at its end"),
        ("age", "lacks a comparison at its end"),
        ("age >", "lacks a value"),
        ("> 5", "needs a column at '> 5'"),
        ("age 5", "needs one of = != < <= > >= like in is at '5'"),
        ("age not 5", "needs one of"),
        ("age not = 5", "needs one of"),
        ("age > (", r"needs a value at '\('"),
        ("age > 1 city = 2", "goes on unexpectedly at 'city = 2'"),
        ("(age > 1", r"lacks '\)'"),
        ("age in 5", r"needs '\(' after 'in' at '5'"),
        ("age in (1", r"lacks '\)'"),
        ("age is 5", "needs 'null' after 'is' at '5'"),
        ("city = 'x", 'cannot be read at "\'x"'),
        ("agee > 1", "There is no column 'agee' to filter by. Did you mean 'age'"),
        ("zzzz > 1", "There is no column 'zzzz' to filter by. There are: age, city"),
        ("(" * (DEPTH + 1) + "age > 1", "is nested more than 50 deep"),
        (" or ".join(["age > 1"] * (TERMS + 1)), "has more than 200 comparisons"),
        (f"age in ({', '.join(['1'] * (TERMS + 1))})", "has more than 200 values"),
        ("age > 1; DROP TABLE x", "There is no column|goes on unexpectedly"),
    ],
)
def test_what_is_no_filter_is_refused_with_its_place(text, message):
    with pytest.raises(InvalidFilterError, match=message):
        read_row_filter(text, COLUMNS)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(InvalidFilterError):
        read_row_filter(text, COLUMNS)
