"""Fingerprints: what changes them, what does not, and what is read for them."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from dataclasses import replace

import pytest

from aml_magics.errors import DataAccessError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import fingerprint as fingerprints
from aml_magics.services.data.fingerprint import changed, digest_of, fingerprint, packed, unpacked
from aml_magics.services.data.store.files import find_files


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "data"
    made.mkdir()
    for name in "abc":
        (made / f"{name}.csv").write_text(f"x\n{name}\n")
    return made


@pytest.fixture
def definition(folder):
    return Definition("file", (Location(str(folder)),))


@pytest.fixture
def of(sqlite_store):
    def of(definition):
        return fingerprint(definition, find_files(sqlite_store, definition))

    return of


def test_a_fingerprint_is_of_names_sizes_and_contents(of, definition, folder):
    made = of(definition)

    assert made.text.endswith(":content")
    assert len(made.text.partition(":")[0]) == 64
    assert [mark.name for mark in made.marks] == ["a.csv", "b.csv", "c.csv"]
    assert made.marks[0].digest == hashlib.sha256(b"x\na\n").hexdigest()[:32]
    assert made.size == 12
    assert of(definition) == made


def test_a_file_that_is_written_again_with_the_same_bytes_changes_nothing(of, definition, folder):
    before = of(definition)
    os.utime(folder / "a.csv", (1, 1))

    assert of(definition).text == before.text


def test_one_other_byte_changes_it_even_where_size_and_time_stay(of, definition, folder):
    before, about = of(definition), (folder / "a.csv").stat()
    (folder / "a.csv").write_text("x\nA\n")
    os.utime(folder / "a.csv", ns=(about.st_atime_ns, about.st_mtime_ns))

    assert of(definition).text != before.text


def test_a_new_name_and_another_definition_change_it(of, definition, folder):
    before = of(definition)
    other = of(replace(definition, steps=({"transform": "take", "count": 3},)))
    (folder / "a.csv").rename(folder / "d.csv")

    assert len({before.text, other.text, of(definition).text}) == 3


def test_files_beyond_the_budget_are_known_by_size_time_and_samples(
    of, definition, folder, monkeypatch
):
    (folder / "large.bin").write_bytes(os.urandom(1 << 20))
    whole = of(definition)
    monkeypatch.setattr(fingerprints, "WHOLE_BYTES", 1000)
    sampled = of(definition)

    assert whole.text.endswith(":content")
    assert sampled.text.endswith(":sample")
    assert [mark.digest[:1] == "~" for mark in sampled.marks] == [False, False, False, True]
    with (folder / "large.bin").open("r+b") as file:
        file.write(b"another beginning")
    assert of(definition).text != sampled.text


def test_a_large_file_is_read_in_pieces(tmp_path):
    content = os.urandom(3 << 20)
    (tmp_path / "large").write_bytes(content)

    assert digest_of(tmp_path / "large") == hashlib.sha256(content).hexdigest()[:32]


def test_a_remote_file_is_known_by_what_its_store_says(sqlite_store):
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/fingerprint/a.csv", b"x")
    definition = Definition("file", (Location("memory://fingerprint/a.csv"),))
    made = fingerprint(definition, find_files(sqlite_store, definition))

    assert made.text.endswith(":listing")
    assert made.marks[0].digest == ""
    memory.rm("/fingerprint", recursive=True)


def test_a_query_has_no_files(sqlite_store):
    definition = Definition("tabular", (Location("", "db"),), "sql_query", {"query": "SELECT 1"})

    assert fingerprint(definition, ()).text.endswith(":definition")


def test_marks_are_kept_small_and_come_back(of, definition):
    marks = list(of(definition).marks)

    assert unpacked(packed(marks)) == marks
    assert unpacked(None) == []
    assert len(packed(marks * 1000)) < len(json.dumps(marks * 1000)) / 5


def test_changed_gone_and_new_files_are_named(of, definition, folder, sqlite_store):
    marks = of(definition).marks
    (folder / "a.csv").write_text("x\nA\n")
    (folder / "b.csv").unlink()
    (folder / "n.csv").write_text("")
    os.utime(folder / "c.csv")

    assert changed(marks, find_files(sqlite_store, definition)) == (
        "a.csv",
        "b.csv",
        "n.csv",
    )


def test_contents_are_read_only_where_the_stamp_alone_differs(
    of, definition, folder, sqlite_store, monkeypatch
):
    marks = of(definition).marks
    os.utime(folder / "c.csv", (5, 5))
    read = []
    monkeypatch.setattr(fingerprints, "digest_of", lambda path: read.append(path.name) or "other")

    assert changed(marks, find_files(sqlite_store, definition)) == ("c.csv",)
    assert read == ["c.csv"]


def test_a_sampled_file_that_was_written_again_with_the_same_bytes_is_the_same(
    of, definition, folder, sqlite_store, monkeypatch
):
    monkeypatch.setattr(fingerprints, "WHOLE_BYTES", 0)
    marks = of(definition).marks
    os.utime(folder / "c.csv", (5, 5))

    assert changed(marks, find_files(sqlite_store, definition)) == ()


def test_a_file_that_is_gone_by_now_is_told(sqlite_store, definition, folder):
    files = find_files(sqlite_store, definition)
    (folder / "b.csv").unlink()

    with pytest.raises(DataAccessError, match=r"b\.csv' of the dataset cannot be read: No such"):
        fingerprint(definition, files)


def test_a_pipe_in_place_of_a_file_does_not_hold_the_reader_up(sqlite_store, definition, folder):
    files = find_files(sqlite_store, definition)
    (folder / "b.csv").unlink()
    os.mkfifo(folder / "b.csv")
    told = []

    def work():
        with pytest.raises(DataAccessError, match="no plain file") as error:
            fingerprint(definition, files)
        told.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(60)
    assert told
