"""Files that were added or modified in a folder of a datastore."""

from __future__ import annotations

import pytest

from aml_magics.errors import DatastoreNotFoundError, InvalidPathError, PipelineError
from aml_magics.records.data.dataset import Location
from aml_magics.records.pipeline.recurrence import Trigger
from aml_magics.services.data.store.location import storage_of
from aml_magics.services.pipeline import trigger
from aml_magics.services.pipeline.trigger import file_versions, path_of, slot_of

FILES = "workspaceblobstore"


@pytest.fixture
def folder(sqlite_store):
    storage, _ = storage_of(sqlite_store, Location("in", FILES))
    made = storage.folder / "in"
    made.mkdir(parents=True)
    return made


def test_files_of_the_folder_are_found_and_not_those_below_it(sqlite_store, folder):
    (folder / "deep").mkdir()
    (folder / "deep" / "c.csv").write_text("c")
    watched = Trigger(FILES, "in")
    assert file_versions(sqlite_store, watched) == {}
    (folder / "a@b.csv").write_text("a")
    (folder.parent / "top.csv").write_text("top")
    assert list(file_versions(sqlite_store, watched)) == ["in/a@b.csv"]
    assert list(file_versions(sqlite_store, Trigger(FILES))) == ["top.csv"]


def test_version_changes_with_the_file(sqlite_store, folder):
    (folder / "a.csv").write_text("a")
    before = file_versions(sqlite_store, Trigger(FILES, "in"))
    (folder / "a.csv").write_text("longer")
    assert file_versions(sqlite_store, Trigger(FILES, "in")) != before


def test_folder_that_is_not_there_has_no_files(sqlite_store, folder):
    assert file_versions(sqlite_store, Trigger(FILES, "later/on")) == {}


def test_slot_of_a_file_names_it():
    assert path_of(slot_of("in/a@b.csv", "123")) == "in/a@b.csv"


def test_what_cannot_be_watched_is_refused(sqlite_store, folder, monkeypatch):
    with pytest.raises(InvalidPathError, match=r"path_on_datastore '\.\./x' climbs out"):
        file_versions(sqlite_store, Trigger(FILES, "../x"))
    with pytest.raises(DatastoreNotFoundError, match="elsewhere"):
        file_versions(sqlite_store, Trigger("elsewhere"))
    for name in "abc":
        (folder / name).write_text(name)
    monkeypatch.setattr(trigger, "MOST_FILES", 2)
    with pytest.raises(PipelineError, match="looks at up to 2 files, and 'in' of datastore"):
        file_versions(sqlite_store, Trigger(FILES, "in"))
