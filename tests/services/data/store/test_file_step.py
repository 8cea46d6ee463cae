"""Steps of file datasets, which choose among the files."""

from __future__ import annotations

import pytest

from aml_magics.errors import ColumnNotFoundError, InvalidDatasetError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data.store.files import find_files
from tests.fixtures.datastore_files import DATASTORE, names, write


def step(transform, **arguments):
    return {"transform": transform, **arguments}


def gt(column, value):
    args = [{"op": "column", "name": column}, {"op": "value", "value": value}]
    return {"op": "gt", "args": args}


def test_files_are_taken_and_skipped(sqlite_store, root):
    write(root, *"abcde")
    assert names(sqlite_store, "", steps=(step("skip", count=1), step("take", count=2))) == [
        "b",
        "c",
    ]


def test_parts_of_a_split_are_disjoint_complete_and_the_same_each_time(sqlite_store, root):
    write(root, *(f"{number:03}" for number in range(200)))
    first = names(sqlite_store, "", steps=(step("split", low=0.0, high=0.7, seed=5),))
    second = names(sqlite_store, "", steps=(step("split", low=0.7, high=1.0, seed=5),))
    assert sorted(first + second) == names(sqlite_store, "")
    assert 110 < len(first) < 170
    assert first == names(sqlite_store, "", steps=(step("split", low=0.0, high=0.7, seed=5),))
    assert first != names(sqlite_store, "", steps=(step("split", low=0.0, high=0.7, seed=6),))


def test_files_are_sampled(sqlite_store, root):
    write(root, *(f"{number:03}" for number in range(200)))
    some = step("sample", strategy="simple_random", probability=0.25, seed=1)
    found = names(sqlite_store, "", steps=(some,))
    assert 20 < len(found) < 80
    top = step("sample", strategy="top_n", n=3)
    assert names(sqlite_store, "", steps=(top,)) == ["000", "001", "002"]
    stratified = step("sample", strategy="stratified", columns=["a"], fractions={})
    with pytest.raises(InvalidDatasetError, match="not by 'stratified'"):
        names(sqlite_store, "", steps=(stratified,))


def test_files_are_filtered_by_what_is_known_of_them(sqlite_store, root):
    write(root, "small", text="1")
    write(root, "large", text="1" * 100)
    assert names(sqlite_store, "", steps=(step("filter", expression=gt("size", 10)),)) == ["large"]
    ends = {
        "op": "ends_with",
        "args": [{"op": "column", "name": "path"}, {"op": "value", "value": "ll"}],
    }
    assert names(sqlite_store, "", steps=(step("filter", expression=ends),)) == ["small"]
    with pytest.raises(ColumnNotFoundError, match="Did you mean 'size'"):
        names(sqlite_store, "", steps=(step("filter", expression=gt("sizee", 10)),))


def test_files_are_filtered_by_what_their_paths_tell(sqlite_store, root):
    write(root, "2019/a.csv", "2021/a.csv")
    moment = {"op": "moment", "value": "2020-01-01T00:00:00"}
    expression = {"op": "ge", "args": [{"op": "column", "name": "year"}, moment]}
    found = names(
        sqlite_store,
        "*/a.csv",
        steps=(step("filter", expression=expression),),
        partition_format="/{year:yyyy}/a.csv",
    )
    assert found == ["2021/a.csv"]


def test_a_step_for_rows_is_refused_for_files(sqlite_store, root):
    write(root, "a")
    with pytest.raises(InvalidDatasetError, match="only to rows"):
        names(sqlite_store, "", steps=(step("keep_columns", columns=["a"]),))


def test_steps_of_a_table_are_not_done_to_its_files(sqlite_store, root):
    write(root, "a", "b")
    table = Definition(
        "tabular", (Location("", DATASTORE),), "delimited", steps=(step("take", count=1),)
    )
    assert len(find_files(sqlite_store, table)) == 2
