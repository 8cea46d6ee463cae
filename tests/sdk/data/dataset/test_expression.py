"""Conditions over columns, as plain JSON."""

from __future__ import annotations

import datetime as dt
import json
import operator

import numpy as np
import pytest

from aml_magics.errors import InvalidDatasetError
from aml_magics.sdk.data.dataset.expression import DatasetExpression, written_expression

age = DatasetExpression.column("age")
COLUMN = {"op": "column", "name": "age"}


def value(it):
    return {"op": "value", "value": it}


@pytest.mark.parametrize(
    ("made", "op"),
    [
        (age == 40, "eq"),
        (age != 40, "ne"),
        (age < 40, "lt"),
        (age <= 40, "le"),
        (age > 40, "gt"),
        (age >= 40, "ge"),
        (age + 40, "add"),
        (age - 40, "sub"),
        (age * 40, "mul"),
        (age / 40, "div"),
    ],
)
def test_operators_become_json(made, op):
    assert made.as_dict() == {"op": op, "args": [COLUMN, value(40)]}
    assert json.loads(json.dumps(made.as_dict())) == made.as_dict()


@pytest.mark.parametrize(
    ("made", "op"), [(1 + age, "add"), (1 - age, "sub"), (1 * age, "mul"), (1 / age, "div")]
)
def test_a_value_may_stand_first(made, op):
    assert made.as_dict() == {"op": op, "args": [value(1), COLUMN]}
    turned = operator.lt(1, age)
    assert turned.as_dict() == (age > 1).as_dict()


def test_conditions_are_joined():
    young, old = age < 20, age > 60

    assert (young | old).as_dict() == {"op": "or", "args": [young.as_dict(), old.as_dict()]}
    assert (young & old).as_dict()["op"] == "and"
    assert (~young).as_dict() == {"op": "not", "args": [young.as_dict()]}
    assert (True & young).as_dict() == {"op": "and", "args": [value(True), young.as_dict()]}
    assert (False | young).as_dict()["op"] == "or"


def test_texts_and_missing_values_have_conditions():
    assert age.is_null().as_dict() == {"op": "is_null", "args": [COLUMN]}
    assert age.is_in(["a", "b"]).as_dict() == {"op": "in", "args": [COLUMN, value("a"), value("b")]}
    for op in ("contains", "starts_with", "ends_with", "like"):
        assert getattr(age, op)("x").as_dict() == {"op": op, "args": [COLUMN, value("x")]}


def test_values_are_plain():
    assert (age == np.int64(4)).as_dict()["args"][1] == value(4)
    assert (age == np.float64(0.5)).as_dict()["args"][1] == value(0.5)
    assert (age == True).as_dict()["args"][1] == value(True)  # noqa: E712 -- it is the value under test
    assert (age == None).as_dict()["args"][1] == value(None)  # noqa: E711 -- as above
    moment = {"op": "moment", "value": "2024-05-01T00:00:00"}
    assert (age > dt.datetime(2024, 5, 1)).as_dict()["args"][1] == moment  # noqa: DTZ001 -- as written
    assert (age > dt.date(2024, 5, 1)).as_dict()["args"][1]["value"] == "2024-05-01"
    assert (age > np.datetime64("2024-05-01", "ns")).as_dict()["args"][1]["op"] == "moment"


def test_a_condition_is_not_a_truth():
    with pytest.raises(InvalidDatasetError, match=r"neither true nor false by itself.*& \| ~"):
        bool(age > 1 and age < 2)
    with pytest.raises(InvalidDatasetError, match="neither true nor false"):
        bool(1 < age < 2)


def test_what_is_no_value_is_refused():
    with pytest.raises(InvalidDatasetError, match=r"compared with a number.*not with list"):
        age == [1]  # noqa: B015 -- making it is what is tested
    with pytest.raises(InvalidDatasetError, match=r"is_in takes a list of values.*'ab'"):
        age.is_in("ab")
    with pytest.raises(InvalidDatasetError, match=r"named by a text.*keep_columns"):
        DatasetExpression.column(["a", "b"])
    with pytest.raises(InvalidDatasetError, match=r"dataset\['age'\] > 40, not str"):
        written_expression("age > 40")


def test_expressions_are_shown_and_kept_in_sets():
    assert repr(age) == "DatasetExpression({'op': 'column', 'name': 'age'})"
    assert hash(age) == hash(DatasetExpression.column("age"))
