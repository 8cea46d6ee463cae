"""Mini-batches of files and of rows."""

from __future__ import annotations

import pickle
from pathlib import Path

import pandas as pd
import pytest

from aml_magics.errors import AmlError, ParallelRunError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import dataset
from aml_magics.workers.parallel_run.mini_batch import MiniBatches
from aml_magics.workers.parallel_run.options import Input, Options


@pytest.fixture
def batches(sqlite_store, tmp_path):
    """The mini-batches of a path or of a dataset, made of files by their names."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    def made(files, definition=None, **options):
        folder = tmp_path / "data"
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        value = str(folder)
        if definition is not None:
            whole = Definition(locations=(Location(str(folder)),), **definition)
            value = dataset.save(sqlite_store, whole).id
        wanted = Options("score.py", (Input("in", value),), **options)
        return list(MiniBatches(wanted, sqlite_store, scratch))

    return made


def items(batch):
    """What ``run()`` gets."""
    found = batch.payload
    return pickle.loads(found if isinstance(found, bytes) else Path(found).read_bytes())


def rows(count):
    return {"a.csv": "x,y\n" + "".join(f"{n},{n % 3}\n" for n in range(count))}


TABLE = {"kind": "tabular", "format": "delimited"}


def test_files_come_sorted_ten_at_a_time(batches):
    found = batches({f"{n:02d}.txt": "" for n in range(23)})
    assert [len(items(one)) for one in found] == [10, 10, 3]
    assert [Path(path).name for one in found for path in items(one)] == [
        f"{n:02d}.txt" for n in range(23)
    ]
    assert found[0].title == "mini-batch 0 (00.txt, 01.txt, 02.txt and 7 more)"


def test_a_dataset_of_files_is_mounted(batches):
    found = batches({"a/1.txt": "one", "2.txt": "two"}, {"kind": "file"}, mini_batch_size="1")
    assert sorted(Path(items(one)[0]).read_text() for one in found) == ["one", "two"]


def test_a_size_is_none_of_files(batches):
    with pytest.raises(ParallelRunError, match="mini_batch_size of files is their number"):
        batches({"a": ""}, mini_batch_size="1KB")


def test_rows_come_in_order_and_all_of_them(batches):
    found = batches(rows(1_000), TABLE, mini_batch_size="1KB")
    assert len(found) > 10
    whole = pd.concat([items(one) for one in found], ignore_index=True)
    assert list(whole["x"]) == list(range(1_000))
    sizes = {len(one) for one in (items(each) for each in found[:-1])}
    assert sizes == {63}, "a row of two whole numbers has 16 bytes, and a bit for each"
    assert found[1].title == "mini-batch 1 (rows 63 to 125 of input 'in')"


def test_large_mini_batches_lie_in_files_until_they_are_forgotten(batches):
    [found] = batches(rows(10_000), TABLE)
    assert Path(found.payload).is_file()
    assert len(items(found)) == found.items == 10_000
    found.forget()
    assert not Path(found.payload).exists()


def test_a_mini_batch_may_end_in_another_batch_of_the_reader(batches):
    found = batches(rows(150_000), TABLE, mini_batch_size="700KB")
    assert sum(one.items for one in found) == 150_000
    assert [one.items for one in found[:-1]] == [44_110, 44_110, 44_110]
    last = items(found[-1])
    assert last["x"].iloc[-1] == 149_999


def test_rows_are_parted_by_the_values_of_columns(batches):
    found = batches(rows(100), TABLE, partition_keys=("y",))
    assert [one.partition for one in found] == [{"y": 0}, {"y": 1}, {"y": 2}]
    assert [list(items(one)["x"])[:2] for one in found] == [[0, 3], [1, 4], [2, 5]]
    assert sum(one.items for one in found) == 100
    assert found[0].title == "mini-batch 0 (34 rows of input 'in' with y=0)"


def test_files_are_parted_by_what_their_paths_say(batches):
    files = {f"{city}/{n}.csv": "" for city in ("Bonn", "Kiel") for n in range(3)}
    by_path = {"kind": "file", "partition_format": "{city}/{name}.csv"}
    found = batches(files, by_path, partition_keys=("city",))
    assert [(one.partition, one.items) for one in found] == [
        ({"city": "Bonn"}, 3),
        ({"city": "Kiel"}, 3),
    ]


def test_a_key_that_the_files_do_not_have_is_refused(batches):
    with pytest.raises(ParallelRunError, match=r"no partition key 'town'; its files have: none"):
        batches({"a.csv": ""}, {"kind": "file"}, partition_keys=("town",))


def test_a_key_that_no_column_is_is_refused(batches):
    with pytest.raises(AmlError, match="town"):
        batches(rows(3), TABLE, partition_keys=("town",))


def test_an_index_is_kept(batches):
    table = {**TABLE, "timestamp": "t"}
    [found] = batches({"a.csv": "t,x\n2020-01-01,1\n2020-01-02,2\n"}, table)
    assert list(items(found).index) == list(pd.to_datetime(["2020-01-01", "2020-01-02"]))


def test_a_table_without_rows_is_an_error(batches):
    with pytest.raises(
        ParallelRunError, match="Input 'in' has nothing to run on: no file, or no row"
    ):
        batches({"a.csv": "x,y\n"}, TABLE)
