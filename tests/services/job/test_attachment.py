"""The variables of a cell: private files here, and encrypted on the way to another machine."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace

import pytest

from aml_magics.errors import ArtifactNotFoundError, DependencyError, StoreCorruptError
from aml_magics.services.job import attachment, submission
from aml_magics.services.job.attachment import Seal
from aml_magics.services.job.cleanup import RETURNED_SECONDS, clean_up
from aml_magics.services.job.submission import Submission
from aml_magics.services.process import queue
from aml_magics.services.run import artifact, run
from aml_magics.services.run.cancel import cancel
from aml_magics.services.workspace import workspace as workspaces

GIVEN = b"a variable of the notebook"


@pytest.fixture
def team(postgres_server):
    """A workspace that another machine could reach."""
    catalogue = postgres_server.create_catalogue()
    opened = workspaces.create("team", catalogue=catalogue, artifacts="memory://team")
    yield opened
    files, root = opened.blobs._place
    if files.exists(root):
        files.rm(root, recursive=True)
    workspaces.close(opened)


@pytest.fixture
def queued(team, tmp_path, monkeypatch):
    """A run that waits for a cluster."""
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "s.py").write_text("")
    record, _ = submission.submit(team, "x", Submission(folder, script="s.py"))
    attachment.keep(team, record.id, GIVEN, is_for_cluster=True)
    return record


def blobs(store):
    files, root = store.blobs._place
    return {path.rpartition("/")[2]: files.cat_file(path) for path in files.find(root)}


def jobs(store):
    return sorted(path.suffix for path in (store.folder / "jobs").iterdir())


def seal(store, record):
    return Seal.of_text(attachment.seal_of(store, record.id))


def test_on_one_machine_it_is_a_private_file(sqlite_store):
    for is_for_cluster in (False, True):
        attachment.keep(sqlite_store, "r", GIVEN, is_for_cluster=is_for_cluster)
        path = attachment.given_path(sqlite_store, "r")
        assert (path.read_bytes(), path.stat().st_mode & 0o777) == (GIVEN, 0o600)
        assert jobs(sqlite_store) == [".given"]
    assert attachment.seal_of(sqlite_store, "r") == ""
    attachment.forget(sqlite_store, "r")
    assert jobs(sqlite_store) == []


def test_it_travels_encrypted_and_its_key_does_not(team, queued):
    opened = seal(team, queued)
    assert GIVEN not in blobs(team)[opened.digest]
    assert not any(opened.key.encode() in data for data in blobs(team).values())
    assert jobs(team) == [".json", ".key", ".seal"]
    for path in (attachment.seal_path(team, queued.id), attachment.key_path(team, queued.id)):
        assert path.stat().st_mode & 0o777 == 0o600
    assert opened.key not in repr(opened)

    attachment.fetch(team, queued.id, opened)
    assert attachment.given_path(team, queued.id).read_bytes() == GIVEN
    assert opened.digest not in blobs(team)
    with pytest.raises(ArtifactNotFoundError, match="are no longer at"):
        attachment.fetch(team, queued.id, opened)


def test_trials_share_the_one_of_their_sweep(team, queued):
    opened = seal(team, queued)
    for trial in ("a_0", "a_1"):
        attachment.fetch(team, trial, opened)
        assert attachment.given_path(team, trial).read_bytes() == GIVEN
    assert opened.digest in blobs(team)
    os.link(attachment.seal_path(team, queued.id), attachment.seal_path(team, "a_0"))
    attachment.forget(team, "a_0")
    assert opened.digest in blobs(team)
    attachment.forget(team, queued.id)
    assert opened.digest not in blobs(team)


def test_nothing_else_can_be_put_in_its_place(team, queued):
    """Neither other bytes, nor what was encrypted for something else, nor by another key."""
    opened = seal(team, queued)
    files, root = team.blobs._place
    path = next(one for one in files.find(root) if one.endswith(opened.digest))
    files.pipe_file(path, blobs(team)[opened.digest][:-1] + b"x")
    with pytest.raises(StoreCorruptError, match=f"What run {queued.id} takes along is damaged"):
        attachment.fetch(team, queued.id, opened)

    attachment.keep(team, queued.id, GIVEN, is_for_cluster=True)
    opened = seal(team, queued)
    for other in (replace(opened, run_id="another"), replace(opened, key="00" * 32)):
        with pytest.raises(StoreCorruptError, match="and these were written with another"):
            attachment.fetch(team, queued.id, other)


def test_what_comes_back_is_taken_once(team, queued):
    assert attachment.read_returned(team, queued) is None
    attachment.send_back(team, queued, seal(team, queued))  # nothing is given back
    returned = attachment.returned_path(team, queued.id)
    returned.write_bytes(b"the answer")
    attachment.send_back(team, queued, seal(team, queued))
    assert not returned.exists()
    assert not any(b"answer" in data for data in blobs(team).values())
    assert artifact.files(team, queued) == []

    assert attachment.read_returned(team, queued) == b"the answer"
    attachment.forget_returned(team, queued)
    assert attachment.read_returned(team, queued) is None
    attachment.forget(team, queued.id)
    assert blobs(team).keys() == {one.digest for one in sources(team, queued)}
    assert jobs(team) == [".json"]


def sources(store, record):
    with store.catalogue.read() as connection:
        return store.sources.of(connection, record.key)


def test_cleaning_up_removes_both_from_the_stores(team, queued, monkeypatch):
    attachment.returned_path(team, queued.id).write_bytes(b"x")
    attachment.send_back(team, queued, seal(team, queued))
    digest = seal(team, queued).digest
    clean_up(team)
    assert jobs(team) == [".json", ".key", ".seal"]
    cancel(team, queued)
    clean_up(team)
    assert digest not in blobs(team)
    assert jobs(team) == [".key"]  # the notebook may still come
    assert attachment.read_returned(team, run.get(team, queued.id)) == b"x"

    later = time.time() + RETURNED_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    clean_up(team)
    assert jobs(team) == []
    assert blobs(team).keys() == {one.digest for one in sources(team, queued)}


def test_a_store_that_is_away_is_asked_again(team, queued, monkeypatch):
    def fail(digest):
        raise ConnectionError(digest)

    with monkeypatch.context() as patch:
        patch.setattr(team.blobs, "remove", fail)
        attachment.forget(team, queued.id)
    assert ".seal" in jobs(team)
    attachment.forget(team, queued.id)
    assert ".seal" not in jobs(team)


def test_the_package_that_encrypts_is_named_where_it_is_missing(team, monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers", None)
    monkeypatch.delitem(sys.modules, "cryptography.hazmat.primitives.ciphers.aead", raising=False)
    with pytest.raises(DependencyError, match=r'needs cryptography.*"aml-magics\[cluster\]"'):
        attachment.keep(team, "r", GIVEN, is_for_cluster=True)
