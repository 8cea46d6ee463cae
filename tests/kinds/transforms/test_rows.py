"""Transforms that choose rows: by number, by condition, by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aml_magics.errors import ColumnNotFoundError, InvalidDatasetError
from aml_magics.kinds.transforms.between import Between
from aml_magics.kinds.transforms.recent import Recent
from aml_magics.kinds.transforms.skip import Skip
from aml_magics.kinds.transforms.take import Take

TEXT = (
    "n,x,t,b,at,zone\n"
    "1,0.5,Ann,true,2024-05-01 10:00:00,2024-05-01T10:00:00+02:00\n"
    "2,,Bob,false,2024-05-02 10:00:00,2024-05-02T10:00:00Z\n"
    "3,nan,10,,,x\n"
    "4,4,,true,2024-05-04 10:00:00,\n"
)


def column(name):
    return {"op": "column", "name": name}


def value(of):
    return {"op": "value", "value": of}


def moment(text):
    return {"op": "moment", "value": text}


def op(name, *args):
    return {"op": name, "args": list(args)}


def kept(rows, expression):
    steps = ({"transform": "filter", "expression": expression},)
    return [row[0] for row in rows(TEXT, steps=steps)]


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        (op("eq", column("n"), value(2)), [2]),
        (op("ne", column("n"), value(2)), [1, 3, 4]),
        (op("lt", column("n"), value(2.5)), [1, 2]),
        (op("le", value(3), column("n")), [3, 4]),
        (op("gt", column("n"), column("x")), [1]),
        (op("ge", column("x"), column("n")), [3, 4]),
        (op("eq", column("n"), value("2")), [2]),
        (op("gt", column("t"), value(9)), [3]),
        (op("eq", column("t"), value("Bob")), [2]),
        (op("gt", column("t"), value("A")), [1, 2]),
        (op("eq", column("b"), value(True)), [1, 4]),
        (op("eq", column("b"), value("TRUE")), [1, 4]),
        (op("eq", column("b"), value(1)), [1, 4]),
        (column("b"), [1, 4]),
        (op("not", column("b")), [2]),
        (op("eq", column("x"), value(None)), []),
        (op("is_null", column("x")), [2, 3]),
        (op("is_null", column("t")), [4]),
        (op("gt", column("at"), moment("2024-05-02T10:00")), [4]),
        (op("ge", column("at"), value("2024-05-02 10:00")), [2, 4]),
        (op("eq", column("at"), moment("2024-05-02T12:00+02:00")), [2]),
        (op("lt", column("zone"), moment("2024-05-01T09:00")), [1]),
        (op("contains", column("t"), value("o")), [2]),
        (op("starts_with", column("t"), value("A")), [1]),
        (op("ends_with", column("t"), value("b")), [2]),
        (op("like", column("t"), value("a%")), [1]),
        (op("like", column("t"), value("_o_")), [2]),
        (op("like", column("t"), value("\\%")), []),
        (op("contains", column("n"), value("3")), [3]),
        (op("in", column("n"), value(1), value(4), value("2")), [1, 2, 4]),
        (op("in", column("t"), *[value(str(n)) for n in range(5_000)]), [3]),
        (op("and", op("gt", column("n"), value(1)), op("lt", column("n"), value(4)), column("b")), []),
        (op("or", op("eq", column("n"), value(1)), op("eq", column("n"), value(4))), [1, 4]),
        (op("gt", op("add", column("n"), value(1)), value(4)), [4]),
        (op("eq", op("sub", column("n"), value(1)), value(0)), [1]),
        (op("gt", op("mul", column("n"), value(2**62)), value(0)), [1, 2, 3, 4]),
        (op("eq", op("div", column("n"), value(2)), value(0.5)), [1]),
        (op("is_null", op("div", column("n"), value(0))), [1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_a_condition_keeps_the_rows_that_meet_it(rows, expression, numbers):
    assert kept(rows, expression) == numbers


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (column("n"), "A condition is true or false, and here stands a integer"),
        (value("x"), "here stands a string"),
        (op("gt", column("n"), value("many")), "'many' is compared with a decimal, and is none"),
        (op("eq", column("b"), value("maybe")), "'maybe' is compared with a boolean"),
        (
            op("gt", column("at"), value(5)),
            r"A datetime cannot be compared with a integer \(column 'at'\)",
        ),
        (op("gt", column("at"), value("soon")), "A moment is written as ISO 8601"),
        (
            op("eq", op("add", column("at"), value(1)), value(1)),
            "Only numbers can be computed with",
        ),
        (
            op("gt", op("mul", column("n"), moment("2024-01-01")), value(0)),
            "here stands a datetime",
        ),
        (op("between", column("n"), value(1)), "There is no operator 'between'"),
    ],
)
def test_a_condition_that_cannot_be_is_refused(rows, expression, message):
    with pytest.raises(InvalidDatasetError, match=message):
        kept(rows, expression)


def test_a_condition_over_a_column_that_is_not_there_is_refused(rows):
    with pytest.raises(ColumnNotFoundError, match=r"no column 'nn'. Did you mean 'n'"):
        kept(rows, op("gt", column("nn"), value(1)))


@pytest.mark.parametrize("of", ["at", "zone"])
@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ({"start": "2024-05-02T10:00:00"}, {"at": [2, 4], "zone": [2]}),
        ({"start": "2024-05-02T10:00:00", "include_boundary": False}, {"at": [4], "zone": []}),
        ({"end": "2024-05-02T10:00:00+00:00"}, {"at": [1, 2], "zone": [1, 2]}),
        ({"start": "2024-05-01T09:00", "end": "2024-05-03"}, {"at": [1, 2], "zone": [2]}),
        ({"start": None, "end": "2024-05-01"}, {"at": [], "zone": []}),
    ],
)
def test_a_span_of_time_keeps_its_rows(rows, of, arguments, numbers):
    found = rows(TEXT, steps=({"transform": "between", "column": of, **arguments},))
    assert [row[0] for row in found] == numbers[of]


def test_days_are_moments_too(opened):
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(
        pa.table(
            {
                "day": [
                    datetime.fromisoformat("2024-05-01").date(),
                    datetime.fromisoformat("2024-05-03").date(),
                ]
            }
        ),
        file,
    )
    step = {"transform": "between", "column": "day", "start": "2024-05-02"}
    with opened({"a.parquet": file.getvalue()}, "parquet", steps=(step,)) as table:
        assert table.count() == 1


def test_what_has_no_moments_has_no_span(rows):
    with pytest.raises(
        InvalidDatasetError, match="The column 'n' is of type integer and has no moments"
    ):
        rows(TEXT, steps=({"transform": "between", "column": "n", "start": "2024-05-02"},))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"column": "at"}, "A span of time has a start, an end or both"),
        ({"column": "at", "start": "may"}, "A moment is written as ISO 8601, such as .* not 'may'"),
    ],
)
def test_a_span_without_moments_is_refused(arguments, message):
    with pytest.raises(InvalidDatasetError, match=message):
        Between().check(arguments)


def test_recent_rows_are_those_of_the_last_hours(rows):
    now = datetime.now(UTC).replace(tzinfo=None)
    text = "n,at\n" + "".join(
        f"{n},{(now - timedelta(hours=n)).isoformat(' ', 'seconds')}\n" for n in range(5)
    )
    step = {"transform": "recent", "column": "at", "seconds": 9_000}
    assert [row[0] for row in rows(text, steps=(step,))] == [0, 1, 2]
    step = {**step, "seconds": 1e11, "include_boundary": False}
    assert len(rows(text, steps=(step,))) == 5
    for seconds in (-1, 1e12):
        with pytest.raises(InvalidDatasetError, match="A span of time has seconds from 0 on"):
            Recent().check({"column": "at", "seconds": seconds})


@pytest.mark.parametrize("kind", [Take, Skip])
def test_a_number_of_rows_is_none_below_zero(kind):
    kind().check({"count": 0})
    with pytest.raises(InvalidDatasetError, match="takes a number of rows from 0 on, not -1"):
        kind().check({"count": -1})
    with pytest.raises(InvalidDatasetError, match="is of type int, not True"):
        kind().check({"count": True})
