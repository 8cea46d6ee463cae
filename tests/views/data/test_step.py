from __future__ import annotations

import pytest

from aml_magics.views.data.step import expression_text, step_text

AGE = {"op": "column", "name": "age"}


def value(given: object) -> dict[str, object]:
    return {"op": "value", "value": given}


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ({"transform": "take", "count": 1000}, "first 1,000"),
        ({"transform": "skip", "count": 5}, "without the first 5"),
        ({"transform": "keep_columns", "columns": ["a", "b"]}, "columns a, b"),
        ({"transform": "drop_columns", "columns": [str(n) for n in range(10)]}, "without columns 0, 1, 2, 3, 4, 5, 6, 7 and 2 more"),
        ({"transform": "rename_columns", "names": {"a": "b"}}, "rename a to b"),
        ({"transform": "sample", "strategy": "simple_random", "probability": 0.1}, "simple random sample 10 %"),
        ({"transform": "sample", "strategy": "top_n", "n": 5}, "first 5 rows"),
        ({"transform": "sample", "strategy": "stratified", "columns": ["a"]}, "stratified sample by a"),
        ({"transform": "split", "low": 0, "high": 0.8, "seed": 1}, "random part 0 % to 80 %"),
        ({"transform": "between", "column": "t", "start": "2020", "end": None}, "t from 2020"),
        ({"transform": "recent", "column": "t", "seconds": 3600}, "t in the last 3,600 s"),
        ({"transform": "convert", "types": {"a": "integer", "b": {"type": "datetime", "formats": []}}}, "types a integer, b datetime"),
        ({"transform": "fill_nulls", "columns": None, "value": 0}, "fill missing values of all columns with 0"),
        ({"transform": "summarize", "group_columns": ["a"], "summaries": []}, "summary by a"),
        ({"transform": "filter", "expression": {"op": "is_null", "args": [AGE]}}, "where age is null"),
        ({"transform": "of_later", "x": 1}, "of later"),
        ({"transform": "take"}, "take"),
    ],
)  # fmt: skip
def test_a_step_is_a_phrase(step: dict[str, object], text: str) -> None:
    assert step_text(step) == text


def test_an_expression_reads_as_it_is_typed() -> None:
    over = {"op": "gt", "args": [AGE, value(40)]}
    old = {
        "op": "or",
        "args": [over, {"op": "not", "args": [{"op": "in", "args": [AGE, value(1), value("x")]}]}],
    }

    assert (
        expression_text({"op": "and", "args": [over, old]})
        == "age > 40 and (age > 40 or not (age in (1, 'x')))"
    )
    assert expression_text({"op": "strange", "args": []}) == "strange(…)"
    assert expression_text(value(None)) == "null"
    assert expression_text(3) == "…"
