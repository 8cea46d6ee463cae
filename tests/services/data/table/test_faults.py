"""Values that do not fit their column are counted as the rows are read, of the rows that are given."""

from __future__ import annotations

import json

import fsspec
import pytest

from aml_magics.errors import InvalidDataError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data.table import file as tabular_file
from aml_magics.services.data.table import table as tabular
from tests.fixtures.tables import CountedBytes

TYPES = {"n": "integer", "x": "decimal"}
ROWS = [(str(n), str(n / 2), "ab"[n % 2]) for n in range(10)]
ROWS[3:3] = [("three", "1.5", "a"), ("", "", "b")]
ROWS[9:9] = [("nine", "much", "a")]
TEXT = "n,x,t\n" + "".join(f"{','.join(row)}\n" for row in ROWS)


def step(transform, **arguments):
    return {"transform": transform, **arguments}


def faults(opened, *steps):
    """Counted while all rows are read, and by themselves."""
    with opened(TEXT, steps=steps, types=TYPES) as table:
        table.to_pandas()
        read = table.faults()
    with opened(TEXT, steps=steps, types=TYPES) as table:
        assert table.faults() == read
    return read


@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        ((), {"n": 2, "x": 1}),
        ((step("take", count=3),), {}),
        ((step("take", count=4),), {"n": 1}),
        ((step("skip", count=4),), {"n": 1, "x": 1}),
        ((step("take", count=0),), {}),
        ((step("skip", count=4), step("take", count=5)), {}),
        ((step("sample", strategy="top_n", n=4),), {"n": 1}),
    ],
)
def test_rows_that_nobody_asked_for_are_not_counted(opened, steps, counts):
    assert faults(opened, *steps) == counts


def test_the_parts_of_a_split_have_all_between_them(opened):
    parts = [
        faults(opened, step("split", low=low, high=high, seed=1))
        for low, high in [(0, 0.5), (0.5, 1)]
    ]
    assert {name: sum(part.get(name, 0) for part in parts) for name in "nx"} == {"n": 2, "x": 1}


@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        ((step("keep_columns", columns=["x", "t"]),), {"x": 1}),
        ((step("drop_columns", columns=["n", "x"]),), {}),
        ((step("rename_columns", names={"n": "x", "x": "n"}),), {"n": 2, "x": 1}),
        ((step("convert", types={"n": "string"}),), {"n": 2, "x": 1}),
        ((step("fill_nulls", value=0), step("take", count=5)), {"n": 1}),
        (
            (step("rename_columns", names={"n": "m"}), step("keep_columns", columns=["m"])),
            {"n": 2},
        ),
        (
            (
                step(
                    "filter",
                    expression={"op": "is_null", "args": [{"op": "column", "name": "n"}]},
                ),
                step("keep_columns", columns=["t"]),
            ),
            {},
        ),
    ],
)
def test_columns_are_told_by_their_names_in_the_files_and_those_left_out_are_not(
    opened, steps, counts
):
    assert faults(opened, *steps) == counts


def test_a_summary_tells_what_it_could_not_take_in(opened):
    mean = [{"function": "mean", "column": "n"}]
    assert faults(opened, step("summarize", summaries=mean, group_columns=["t"])) == {"n": 2}
    assert faults(opened, step("summarize", summaries=mean)) == {"n": 2}
    summed = [{"function": "max", "column": "x"}]
    by_n = (
        step("summarize", summaries=summed, group_columns=["n"]),
        step("drop_columns", columns=["max_x"]),
    )
    assert faults(opened, *by_n) == {"n": 2}


def test_rows_that_fit_are_given_though_others_do_not(opened):
    with opened(TEXT, steps=(step("take", count=3),), types=TYPES) as table:
        assert table.to_pandas(on_error="fail")["n"].tolist() == [0, 1, 2]
    with (
        opened(TEXT, steps=(step("take", count=4),), types=TYPES) as table,
        pytest.raises(InvalidDataError, match="1 value of column 'n' is no integer"),
    ):
        table.to_pandas(on_error="fail")


def test_a_wide_table_with_steps_counts_the_same(opened, monkeypatch):
    steps = (step("skip", count=1), step("rename_columns", names={"t": "T"}))
    whole = faults(opened, *steps)
    monkeypatch.setattr(tabular, "WIDE", 1)
    assert faults(opened, *steps) == whole == {"n": 2, "x": 1}


def content_of(format, rows):
    if format == "delimited":
        return b"n,t\n" + b"".join(f"{n},{t}\n".encode() for n, t in rows)
    return b"".join(json.dumps({"n": n, "t": t}).encode() + b"\n" for n, t in rows)


@pytest.mark.parametrize(
    ("format", "steps", "share", "count"),
    [
        ("delimited", (), 1.5, 1),
        ("json_lines", (), 1.5, 1),
        ("delimited", (step("take", count=9),), 0.5, 0),
    ],
)
def test_files_are_read_once_and_the_beginning_alone_where_that_is_asked_for(
    sqlite_store, monkeypatch, format, steps, share, count
):
    rows = [(None if n % 9 == 1 else n, f"{n:064x}") for n in range(400_000)]
    rows = [("" if n is None and format == "delimited" else n, t) for n, t in rows]
    content = content_of(format, [*rows, ("last", "")])
    read = []
    files = fsspec.filesystem("memory")
    files.pipe({"/faults/big": content})
    monkeypatch.setattr(tabular_file, "open_file", lambda found: CountedBytes(content, read))
    definition = Definition(
        "tabular", (Location("memory://faults/big"),), format, {"types": {"n": "integer"}}, steps
    )
    try:
        with tabular.opened(sqlite_store, definition) as table:
            frame = table.to_pandas()
            assert table.faults() == ({"n": 1} if count else {})
    finally:
        files.rm("/faults", recursive=True)
    assert len(frame) == (9 if steps else 400_001)
    assert sum(read) < share * len(content)
