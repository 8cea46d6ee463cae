"""What a run writes to ``./outputs`` is kept with it."""

from __future__ import annotations

import os
import time

import pytest

from aml_magics.errors import QuarantineWarning
from aml_magics.services.run import artifact, run
from aml_magics.services.run.outputs import keep_outputs


@pytest.fixture
def record(sqlite_store):
    return run.start(sqlite_store, "e")


def _names(store, record):
    return [one.name for one in artifact.files(store, record)]


def test_new_files_are_kept_and_old_ones_passed_over(sqlite_store, record, tmp_path):
    folder = tmp_path / "outputs"
    (folder / "deep").mkdir(parents=True)
    (folder / "old.txt").write_text("of an earlier run")
    time.sleep(0.05)
    since = time.time()
    (folder / "deep" / "new.txt").write_text("new")
    (folder / "copied.txt").write_text("new too")
    os.utime(folder / "copied.txt", (1.0, 1.0))
    kept = keep_outputs(sqlite_store, record, folder, since)
    assert [one.name for one in kept] == ["outputs/copied.txt", "outputs/deep/new.txt"]
    assert _names(sqlite_store, record) == ["outputs/copied.txt", "outputs/deep/new.txt"]


def test_no_folder_is_no_output(sqlite_store, record, tmp_path):
    assert keep_outputs(sqlite_store, record, tmp_path / "outputs", 0) == []


def test_file_that_cannot_be_kept_does_not_keep_the_others_away(sqlite_store, record, tmp_path):
    folder = tmp_path / "outputs"
    folder.mkdir()
    (folder / "a\nb").write_text("x")
    (folder / "good").write_text("x")
    os.mkfifo(folder / "fifo")
    (folder / "link").symlink_to("/etc/passwd")
    with pytest.warns(QuarantineWarning, match=r"is not kept with the run: name .* control char"):
        keep_outputs(sqlite_store, record, folder, 0)
    assert _names(sqlite_store, record) == ["outputs/good"]
