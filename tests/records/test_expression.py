from __future__ import annotations

from datetime import datetime

import pytest

from aml_magics.errors import InvalidDatasetError
from aml_magics.records.expression import DEPTH, TERMS, columns_of, moment, read_expression

AGE = {"op": "column", "name": "age"}
FORTY = {"op": "value", "value": 40}


def op(name, *args):
    return {"op": name, "args": list(args)}


def nested(depth):
    found = {"op": "value", "value": True}
    for _ in range(depth - 1):
        found = op("not", found)
    return found


@pytest.mark.parametrize(
    "expression",
    [
        AGE,
        op("gt", AGE, FORTY),
        op(
            "and",
            op("gt", AGE, FORTY),
            op("not", op("is_null", AGE)),
            {"op": "value", "value": None},
        ),
        op("in", AGE, FORTY, {"op": "value", "value": "x"}),
        op("lt", AGE, {"op": "moment", "value": "2024-05-01T12:00:00.123456789Z"}),
        op("eq", op("div", AGE, FORTY), {"op": "value", "value": 0.5}),
        nested(DEPTH),
    ],
)
def test_an_expression_of_the_form_is_taken(expression):
    assert read_expression(expression)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("age > 40", r"A part of an expression is written \{'op': …\}, not 'age > 40'"),
        ({}, "is written"),
        ({"op": 5}, "is written"),
        ({"op": "column"}, "A column in an expression has a name"),
        ({"op": "value"}, "is text, a number, true, false or null"),
        ({"op": "value", "value": [1]}, "is text, a number, true, false or null"),
        (
            {"op": "moment", "value": "soon"},
            "A moment is written as ISO 8601, such as .* not 'soon'",
        ),
        ({"op": "moment", "value": 5}, "A moment is written as ISO 8601"),
        (op("gte", AGE, FORTY), "There is no operator 'gte'. Did you mean 'gt'"),
        (op("system", AGE), "There is no operator 'system'. There are: eq, ne"),
        (op("gt", AGE), "The operator 'gt' takes 2 args"),
        (op("not", AGE, AGE), "The operator 'not' takes 1 args"),
        (op("and", AGE), "The operator 'and' takes 2 or more args"),
        ({"op": "gt", "args": 5}, "takes 2 args, not 5"),
        (op("gt", AGE, 40), "is written"),
        (nested(DEPTH + 1), "nested at most 50 deep"),
        (op("in", *[FORTY] * (TERMS + 1)), "takes 2 or more args"),
        (op("and", op("in", *[FORTY] * 6_000), op("in", *[FORTY] * 6_000)), "at most 10,000 parts"),
    ],
)
def test_what_is_not_of_the_form_is_refused(expression, message):
    with pytest.raises(InvalidDatasetError, match=message):
        read_expression(expression)


def test_the_columns_of_an_expression_are_each_told_once():
    city = {"op": "column", "name": "city"}
    assert columns_of(read_expression(op("or", op("gt", AGE, FORTY), op("eq", city, AGE)))) == [
        "age",
        "city",
    ]
    assert columns_of(read_expression(FORTY)) == []


def test_a_moment_is_in_utc_without_a_zone():
    assert moment("2024-05-01T12:00+02:00") == datetime.fromisoformat("2024-05-01T10:00:00")
    assert moment("2024-05-01") == datetime.fromisoformat("2024-05-01")
