"""What is said where no process can answer; real ones are in ``tests/workers/endpoint``."""

from __future__ import annotations

import os

import pytest

from aml_magics.errors import PipelineError, StoreReadOnlyError
from aml_magics.services.process import pid_lock, rest


def test_where_no_port_is_free_it_is_said(sqlite_store, monkeypatch):
    monkeypatch.setattr(rest, "HOST", "203.0.113.1")  # no address of this machine

    with pytest.raises(PipelineError, match=r"None of 100 ports of 203\.0\.113\.1"):
        rest.ensure_rest(sqlite_store)
    assert pid_lock.holder(rest.lock_path(sqlite_store)) is None


def test_a_workspace_that_cannot_be_written_is_told(sqlite_store, monkeypatch):
    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(pid_lock, "acquire", refuse)

    with pytest.raises(StoreReadOnlyError, match=r"Permission denied.*make the folder writable"):
        rest.ensure_rest(sqlite_store)


def test_a_process_that_does_not_end_is_told(sqlite_store, monkeypatch):
    handle = pid_lock.acquire(rest.lock_path(sqlite_store))
    assert handle is not None
    (rest.lock_path(sqlite_store).parent / "port").write_text("20001")
    monkeypatch.setattr(rest, "_GRACE", 0.0)

    with pytest.raises(PipelineError, match="does not end; end it and try again"):
        rest.down(sqlite_store)
    os.close(handle)


def test_a_process_that_could_not_be_started_is_told_and_not_tried_at_once(
    sqlite_store, monkeypatch, caplog
):
    def fail(*_arguments, **_more):
        raise OSError("no memory")

    monkeypatch.setattr(rest, "start_process", fail)
    address = rest.ensure_rest(sqlite_store)
    monkeypatch.setattr(sqlite_store.pipelines, "is_any_active", lambda _connection: 1 / 0)

    rest.revive_rest(sqlite_store)  # looks at nothing

    assert address.startswith("http://127.0.0.1:")
    assert "could not be started: no memory" in caplog.text
