"""Files that submitted runs leave behind."""

from __future__ import annotations

import os
import time

import pytest

from aml_magics.records.status import RunStatus
from aml_magics.services.job import attachment, submission
from aml_magics.services.job.cleanup import RETURNED_SECONDS, clean_up
from aml_magics.services.job.submission import Submission
from aml_magics.services.process import queue
from aml_magics.services.run import run
from aml_magics.services.run.cancel import cancel


@pytest.fixture
def queued(sqlite_store, tmp_path, monkeypatch):
    """A run that waits, since no scheduler is started."""
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "s.py").write_text("")
    wanted = Submission(folder, script="s.py", attachment=b"given")
    return submission.submit(sqlite_store, "x", wanted)[0]


def jobs(store):
    return sorted(path.suffix for path in (store.folder / "jobs").iterdir())


def test_files_of_a_run_that_waits_stay(sqlite_store, queued):
    assert clean_up(sqlite_store) == 0
    assert jobs(sqlite_store) == [".given", ".json"]


def test_files_of_a_run_that_was_canceled_while_it_waited_go(sqlite_store, queued):
    (sqlite_store.folder / "work" / queued.id / "deep").mkdir(parents=True)
    (sqlite_store.folder / "work" / f".{queued.id}.1a2b").mkdir()  # its worker was killed
    cancel(sqlite_store, queued)
    assert clean_up(sqlite_store) == 4
    assert jobs(sqlite_store) == []
    assert list((sqlite_store.folder / "work").iterdir()) == []


def test_files_that_nobody_knows_go_when_they_are_old(sqlite_store, queued):
    folder = sqlite_store.folder / "jobs"
    for name in ("unknown.json", ".unknown.json.1a2b", f".{queued.id}.given.ff"):
        (folder / name).touch()
    assert clean_up(sqlite_store) == 0
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    assert clean_up(sqlite_store) == 2
    assert (folder / f"{queued.id}.json").exists()


def test_what_a_run_gives_back_waits_for_its_notebook_a_while(sqlite_store, queued):
    returned = attachment.returned_path(sqlite_store, queued.id)
    returned.write_bytes(b"x")
    cancel(sqlite_store, queued)
    assert run.get(sqlite_store, queued.id).status is RunStatus.CANCELED
    clean_up(sqlite_store)
    assert returned.exists()
    past = time.time() - RETURNED_SECONDS - 1
    os.utime(returned, (past, past))
    clean_up(sqlite_store)
    assert not returned.exists()


def test_a_file_from_the_future_is_not_old(sqlite_store, queued):
    path = sqlite_store.folder / "jobs" / "unknown.json"
    path.touch()
    future = time.time() + 1e8
    os.utime(path, (future, future))
    assert clean_up(sqlite_store) == 0


def test_outputs_that_wait_stay_but_those_of_a_canceled_run(sqlite_store, queued):
    unsent = sqlite_store.folder / "unsent"
    failed, empty = (run.start(sqlite_store, "x") for _ in range(2))
    for one in (failed, empty):
        run.fail(sqlite_store, one)
    for name in (f"{queued.id}/o", f"{failed.id}/@references/o", empty.id, "unknown/o"):
        (unsent / name).mkdir(parents=True)
    os.utime(unsent / "unknown", (0, 0))
    assert clean_up(sqlite_store) == 1  # the empty one
    cancel(sqlite_store, queued)
    clean_up(sqlite_store)

    assert {one.name for one in unsent.iterdir()} == {failed.id, "unknown"}
