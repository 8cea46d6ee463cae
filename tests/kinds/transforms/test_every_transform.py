"""What every transform keeps to."""

from __future__ import annotations

import json

import pytest

from aml_magics.errors import ColumnNotFoundError, InvalidDatasetError, NotFoundError
from aml_magics.kinds.transforms._base import TRANSFORMS

COLUMN = {"op": "column", "name": "n"}
STEPS = {
    "between": {"column": "at", "start": "2024-01-01T00:00:50", "end": None},
    "convert": {"types": {"n": "string", "t": "decimal"}},
    "drop_columns": {"columns": ["t"]},
    "fill_nulls": {"value": 0, "columns": ["x"]},
    "filter": {"expression": {"op": "gt", "args": [COLUMN, {"op": "value", "value": 50}]}},
    "keep_columns": {"columns": ["t", "n"]},
    "recent": {"column": "at", "seconds": 1e10},
    "rename_columns": {"names": {"n": "number"}},
    "sample": {"strategy": "simple_random", "probability": 0.5, "seed": 1},
    "skip": {"count": 10},
    "split": {"low": 0.2, "high": 0.7, "seed": 5},
    "summarize": {
        "group_columns": ["t"],
        "summaries": [{"function": "mean", "column": "n", "name": "m"}],
    },
    "take": {"count": 10},
}
FILES = {
    "a.csv": "n,t,x,at\n"
    + "".join(
        f"{n},t{n % 7},{'' if n % 3 else n / 2},2024-01-01 00:{n // 60:02}:{n % 60:02}\n"
        for n in range(1, 2_000)
    ),
    "b.csv": "n,t,x,at\n2000,z,1.5,2024-01-01 01:00:00\n",
}


def step(name, **arguments):
    return {"transform": name, **(arguments or STEPS[name])}


@pytest.mark.parametrize("name", TRANSFORMS.names())
def test_it_says_which_columns_it_gives(opened, monkeypatch, name):
    told = {}
    kind = TRANSFORMS.load(name)
    applied = kind.applied

    def remembering(self, rows, arguments):
        told["columns"] = applied(self, rows, arguments).columns
        return applied(self, rows, arguments)

    monkeypatch.setattr(kind, "applied", remembering)
    with opened(FILES, steps=(step(name),)) as table:
        assert told["columns"] == table.columns
        assert table.to_arrow().column_names == [column.name for column in table.columns]


@pytest.mark.parametrize("name", TRANSFORMS.names())
def test_its_rows_are_the_same_however_many_threads_there_are(opened, name):
    found = []
    for threads in (1, 2, 7):
        with opened(FILES, steps=(step(name),)) as table:
            table.connection.execute(f"SET threads = {threads}")
            found.append(table.to_arrow().to_pylist())
    assert found[0] == found[1] == found[2]
    assert found[0]


@pytest.mark.parametrize("name", TRANSFORMS.names())
def test_its_rows_keep_their_order(opened, name):
    if name == "summarize":  # makes rows of its own
        return
    with opened(FILES, steps=(step(name),)) as table:
        column = "number" if name == "rename_columns" else "n"
        numbers = [int(n) for n in table.to_arrow().column(column).to_pylist()]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("name", TRANSFORMS.names())
def test_some_of_its_columns_are_those_of_all(opened, name):
    before = step("fill_nulls", value=-1)
    with opened(FILES, steps=(before, step(name), step("take", count=700))) as table:
        whole = table.to_arrow()
        for start in range(whole.num_columns):
            for stop in range(start + 1, whole.num_columns + 1):
                some = whole.select(whole.column_names[start:stop])
                assert table.head(5_000, slice(start, stop)).equals(some)


@pytest.mark.parametrize("name", TRANSFORMS.names())
def test_its_arguments_are_plain_json(name):
    kind = TRANSFORMS.load(name)()
    kind.check(json.loads(json.dumps(STEPS[name])))


@pytest.mark.parametrize("name", TRANSFORMS.names())
def test_it_takes_its_own_arguments_alone(name):
    kind = TRANSFORMS.load(name)()
    with pytest.raises(InvalidDatasetError, match=f"The step {name} has no argument 'colour'"):
        kind.check({**STEPS[name], "colour": "red"})
    for argument in kind.required:
        given = {key: value for key, value in STEPS[name].items() if key != argument}
        with pytest.raises(InvalidDatasetError, match=f"needs the argument '{argument}'"):
            kind.check(given)
        with pytest.raises(
            InvalidDatasetError, match=f"'{argument}' of the step {name} is of type"
        ):
            kind.check({**STEPS[name], argument: None})


@pytest.mark.parametrize("name", TRANSFORMS.names())
def test_names_of_columns_are_data(opened, name):
    odd = 'a "b";-- <img>?{}'
    text = f'"{odd.replace(chr(34), chr(34) * 2)}",t\n' + "2024-01-01,u\n" * 5
    arguments = json.loads(
        json.dumps(STEPS[name])
        .replace('"n"', json.dumps(odd))
        .replace('"at"', json.dumps(odd))
        .replace('"x"', json.dumps(odd))
    )
    if name in ("summarize", "fill_nulls", "convert", "filter"):
        arguments = {
            "summarize": {
                "group_columns": [odd],
                "summaries": [{"function": "count", "column": odd}],
            },
            "fill_nulls": {"value": "2024-01-01", "columns": [odd]},
            "convert": {"types": {odd: "string"}},
            "filter": {
                "expression": {
                    "op": "eq",
                    "args": [
                        {"op": "column", "name": odd},
                        {"op": "moment", "value": "2024-01-01"},
                    ],
                }
            },
        }[name]
    with opened(text, steps=(step(name, **arguments),)) as table:
        table.to_arrow()


def test_a_step_that_is_none_is_not_found(rows):
    with pytest.raises(NotFoundError, match=r"No step 'takes'. Did you mean 'take'"):
        rows("a\n1\n", steps=({"transform": "takes", "count": 1},))


def test_steps_are_done_in_their_order(rows):
    text = "n\n" + "".join(f"{n}\n" for n in range(100))
    above = {"op": "ge", "args": [COLUMN, {"op": "value", "value": 10}]}
    assert rows(text, steps=(step("take", count=20), step("filter", expression=above))) == [
        (n,) for n in range(10, 20)
    ]
    assert rows(text, steps=(step("filter", expression=above), step("take", count=3))) == [
        (10,), (11,), (12,),
    ]  # fmt: skip
    assert rows(
        text, steps=(step("skip", count=5), step("take", count=2), step("skip", count=1))
    ) == [(6,)]


def test_a_step_sees_the_columns_that_the_one_before_gave(rows):
    steps = (step("rename_columns", names={"a": "b"}), step("keep_columns", columns=["a"]))
    with pytest.raises(ColumnNotFoundError, match=r"There is no column 'a'. There are: 'b'"):
        rows("a\n1\n", steps=steps)
