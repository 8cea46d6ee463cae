"""A sweep for the tests of the commands, without processes."""

from __future__ import annotations

import pytest

from tests.services.sweep.in_process import controlled, submit, without_processes


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch):
    without_processes(monkeypatch)


@pytest.fixture
def swept(workspace, tmp_path):
    record = submit(workspace.store, tmp_path)
    with controlled(workspace.store, record.id) as one:
        one.round()
        for number, value in enumerate((0.2, 0.9, 0.5)):
            one.end(number, value)
        return one.finish()
