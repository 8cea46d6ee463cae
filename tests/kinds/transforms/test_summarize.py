"""One row a group."""

from __future__ import annotations

from datetime import datetime

import pytest

from aml_magics.errors import InvalidDatasetError
from aml_magics.kinds.transforms.summarize import _FUNCTIONS, Summarize

TEXT = (
    "g,n,x,t,at\nb,1,0.5,u,2024-05-01\na,2,,v,2024-05-02\nb,3,1.5,u,2024-05-03\n,4,2,,2024-05-04\n"
)


def summed(*functions, by=("g",), column="n"):
    summaries = [{"function": one, "column": column} for one in functions]
    return ({"transform": "summarize", "group_columns": list(by), "summaries": summaries},)


def test_groups_come_in_the_order_of_their_first_rows(rows):
    assert rows(TEXT, steps=summed("count", "sum")) == [("b", 2, 4), ("a", 1, 2), (None, 1, 4)]


def test_every_function_gives_what_its_name_says(opened):
    with opened(TEXT, steps=summed(*_FUNCTIONS, by=())) as table:
        (row,) = table.head().to_pylist()
    assert row["kurtosis_n"] == pytest.approx(-1.2)
    assert row == {
        "count_n": 4, "missing_n": 0, "distinct_n": 4, "min_n": 1, "max_n": 4, "sum_n": 10, "mean_n": 2.5,
        "median_n": 2.5, "variance_n": pytest.approx(5 / 3), "deviation_n": pytest.approx((5 / 3) ** 0.5),
        "skewness_n": pytest.approx(0), "kurtosis_n": pytest.approx(-1.2), "first_n": 1, "last_n": 4,
    }  # fmt: skip


def test_missing_values_are_counted_and_passed_over(rows):
    steps = summed("count", "missing", "mean", "first", by=(), column="x")
    assert rows(TEXT, steps=steps) == [(3, 1, pytest.approx(4 / 3), 0.5)]


def test_texts_and_moments_have_a_first_and_a_last(rows):
    assert rows(TEXT, steps=summed("min", "max", "last", by=(), column="t")) == [("u", "v", "u")]
    assert rows(TEXT, steps=summed("max", by=(), column="at")) == [
        (datetime.fromisoformat("2024-05-04"),)
    ]


def test_a_summary_may_have_the_name_of_a_column(rows):
    steps = (
        {
            "transform": "summarize",
            "group_columns": ["t"],
            "summaries": [{"function": "sum", "column": "n", "name": "g"}],
        },
    )
    assert rows(TEXT, steps=steps) == [("u", 4), ("v", 2), (None, 4)]


def test_groups_alone_are_the_different_values(rows):
    assert rows(TEXT, steps=summed(by=("t",))) == [("u",), ("v",), (None,)]


@pytest.mark.parametrize("function", ["sum", "mean", "median", "deviation"])
def test_a_number_of_a_text_cannot_be_taken(rows, function):
    with pytest.raises(
        InvalidDatasetError,
        match=f"The {function} of the column 't' cannot be taken: it is of type string",
    ):
        rows(TEXT, steps=summed(function, column="t"))


def test_two_summaries_of_one_name_are_refused(rows):
    with pytest.raises(InvalidDatasetError, match="Two columns would be named 'sum_n'"):
        rows(TEXT, steps=summed("sum", "sum"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"summaries": []}, "needs a column to group by, or something to compute"),
        ({"summaries": ["n"]}, "A summary is written"),
        (
            {"summaries": [{"function": "men", "column": "n"}]},
            "no summary function 'men'. Did you mean 'mean'",
        ),
    ],
)
def test_what_cannot_be_summarized_is_refused(arguments, message):
    with pytest.raises(InvalidDatasetError, match=message):
        Summarize().check(arguments)
