from __future__ import annotations

import pytest

from aml_magics.errors import DataAccessError, DatastoreNotFoundError
from aml_magics.records.data.data_use import DataOutput, OutputResult
from aml_magics.services.data import dataset
from aml_magics.services.data.output import keep_results, send, written_files
from aml_magics.services.run import run as runs
from tests.fixtures.datastore_files import put, root_of

STORE = "workspaceblobstore"


def names(folder, *globs):
    return [name for _, name in written_files(folder, globs)]


def test_files_of_an_output_are_found_at_any_depth_without_links(tmp_path):
    folder = tmp_path / "o"
    (folder / "deep").mkdir(parents=True)
    for name in ("a.csv", "b.txt", "deep/c.csv"):
        (folder / name).write_text(name)
    (folder / "link.csv").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")

    assert names(folder) == ["a.csv", "b.txt", "deep/c.csv"]
    assert names(folder, "*.csv") == ["a.csv", "deep/c.csv"]
    assert names(folder, "/*.csv") == ["a.csv"]
    assert names(folder, "deep/**") == ["deep/c.csv"]


def test_an_output_that_is_gone_or_a_link_has_no_files(tmp_path):
    (tmp_path / "link").symlink_to("/etc")
    (tmp_path / "file").write_text("x")

    assert names(tmp_path / "gone") == names(tmp_path / "link") == []
    assert names(tmp_path / "file") == [""]  # it goes to the very path of the output


def test_files_are_sent_below_a_path(sqlite_store, tmp_path):
    (tmp_path / "x").write_text("new")
    found = [(tmp_path / "x", "deep/x")]
    send(sqlite_store, STORE, "to/here/", found, overwrite=False)

    assert (root_of(sqlite_store) / "to/here/deep/x").read_text() == "new"
    send(sqlite_store, STORE, "", found, overwrite=False)
    assert (root_of(sqlite_store) / "deep/x").is_file()
    send(sqlite_store, STORE, "", found, overwrite=False)  # it is that file
    (tmp_path / "x").write_text("old")
    with pytest.raises(
        DataAccessError, match=r"1 of 1 files are in datastore .*as_upload\(overwrite=True\)"
    ):
        send(sqlite_store, STORE, "to/here", found, overwrite=False)
    with pytest.raises(DatastoreNotFoundError, match="away"):
        send(sqlite_store, "away", "to", found, overwrite=True)


def test_each_result_of_an_output_is_a_dataset(store):
    run = runs.start(store, "e")
    put(store, {f"r/{run.id}/a.csv": "a\n1\n", f"r/{run.id}/b.txt": "b"})
    results = (
        OutputResult("rows", "about", {"a": "1"}, "delimited", {}, glob="*.csv"),
        OutputResult(),
    )
    first, second = keep_results(store, run, DataOutput("o", STORE, "r/{run-id}", results=results))

    assert (first.name, first.version, first.files, first.definition.kind) == (
        "rows",
        1,
        1,
        "tabular",
    )
    assert (second.name, second.files, second.definition.kind) == (None, 2, "file")
    uses = [(use.role, use.name, of.id) for use, of in dataset.uses_of(store, run)]
    assert uses == [("output", "o", first.id), ("output", "o_2", second.id)]
