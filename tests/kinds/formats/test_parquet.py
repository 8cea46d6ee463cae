"""Parquet files."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aml_magics.errors import ColumnNotFoundError, InvalidDataError, InvalidDatasetError
from aml_magics.kinds.formats.parquet import MOST_COLUMNS


def written(table, **options):
    file = io.BytesIO()
    pq.write_table(pa.table(table), file, **options)
    return file.getvalue()


def test_columns_have_the_types_of_the_file(opened):
    moment = datetime(2024, 5, 1, 12, tzinfo=UTC)
    content = written(
        {
            "i": pa.array([1], pa.int32()),
            "u": pa.array([2], pa.uint64()),
            "x": pa.array([1.5], pa.float32()),
            "d": pa.array([Decimal("1.25")]),
            "b": pa.array([True]),
            "t": pa.array(["x"]).dictionary_encode(),
            "at": pa.array([moment], pa.timestamp("ns", "Europe/Berlin")),
            "day": pa.array([date(2024, 5, 1)]),
            "clock": pa.array([time(12, 30)], pa.time64("us")),
            "raw": pa.array([b"\x00"]),
            "l": pa.array([[1, 2]]),
            "s": pa.array([{"a": 1}]),
        }
    )
    with opened({"a.parquet": content}, "parquet") as table:
        assert {column.name: column.type for column in table.columns} == {
            "i": "integer", "u": "integer", "x": "decimal", "d": "decimal", "b": "boolean", "t": "string",
            "at": "datetime", "day": "date", "clock": "time", "raw": "binary", "l": "list", "s": "struct",
        }  # fmt: skip
        (row,) = table.head().to_pylist()
        assert row == {
            "i": 1, "u": 2, "x": 1.5, "d": 1.25, "b": True, "t": "x", "at": datetime.fromisoformat("2024-05-01T12:00:00"),
            "day": date(2024, 5, 1), "clock": time(12, 30), "raw": b"\x00", "l": [1, 2], "s": {"a": 1},
        }  # fmt: skip


def test_too_many_columns_are_refused_at_once(opened):
    wide = written({f"c{place}": [place] for place in range(MOST_COLUMNS + 1)})
    with (
        pytest.raises(
            InvalidDataError,
            match=r"'/a\.parquet' has 20,001 columns, and at most 20,000 are read as a table",
        ),
        opened({"a.parquet": wide}, "parquet"),
    ):
        pass


def test_types_can_be_said(opened):
    content = written({"a": ["1", "x"], "b": [1.7, 2.0], "when": ["01.05.2024", None]})
    types = {
        "a": "integer",
        "b": "string",
        "when": {"type": "datetime", "formats": ["%d.%m.%Y"]},
    }
    with opened({"a.parquet": content}, "parquet", types=types) as table:
        assert table.to_arrow().to_pylist() == [
            {"a": 1, "b": "1.7", "when": datetime.fromisoformat("2024-05-01")},
            {"a": None, "b": "2.0", "when": None},
        ]
        assert table.faults() == {"a": 1}


def test_columns_are_found_by_name_in_every_file(rows):
    files = {"a.parquet": written({"a": [1], "b": [2]}), "b.parquet": written({"b": [4], "a": [3]})}
    assert rows(files, "parquet", include_path=True) == [
        (1, 2, "/a.parquet"),
        (3, 4, "/b.parquet"),
    ]


def test_a_file_that_lacks_a_column_is_refused_by_its_name(rows):
    files = {"a.parquet": written({"a": [1], "b": [2]}), "b.parquet": written({"a": [3]})}
    with pytest.raises(InvalidDataError, match=r"/b.parquet"):
        rows(files, "parquet")


def test_a_file_that_is_no_parquet_is_refused_by_its_name(rows):
    with pytest.raises(InvalidDataError, match=r"/b.parquet"):
        rows({"b.parquet": "a,b\n1,2\n" * 10}, "parquet")


def test_a_cut_file_is_refused_by_its_name(rows):
    content = written({"a": list(range(10_000))})
    with pytest.raises(InvalidDataError, match=r"/b.parquet"):
        rows({"b.parquet": content[:-50]}, "parquet")


def test_what_a_path_says_becomes_columns_and_folders_with_an_equals_sign_do_not(rows):
    files = {"year=2024/a.parquet": written({"a": [1]}), "year=2025/a.parquet": written({"a": [2]})}
    assert rows(files, "parquet") == [(1,), (2,)]
    assert rows(files, "parquet", partition_format="year={year}/a.parquet") == [
        (1, "2024"),
        (2, "2025"),
    ]


def test_a_column_that_hides_the_number_of_the_file_is_told(rows):
    with pytest.raises(InvalidDatasetError, match="A column is named 'file_index'"):
        rows({"a.parquet": written({"file_index": [1]})}, "parquet", include_path=True)


def test_a_type_for_a_column_that_is_not_there_is_refused(rows):
    with pytest.raises(ColumnNotFoundError, match="no column 'b'"):
        rows({"a.parquet": written({"a": [1]})}, "parquet", types={"b": "string"})
