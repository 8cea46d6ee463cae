"""The program of a controller, called in the test's own process."""

from __future__ import annotations

import sys

import pytest

from aml_magics.errors import DependencyError
from aml_magics.records.status import RunStatus
from aml_magics.records.sweep.sweep import Named
from aml_magics.services.process.controller import SWEEP, ControllerLock
from aml_magics.services.run import run as runs
from aml_magics.workers.sweep.__main__ import main
from tests.services.sweep.in_process import submit, without_processes


def test_a_controller_that_cannot_work_fails_its_sweep_with_the_reason(
    sqlite_store, tmp_path, monkeypatch
):
    without_processes(monkeypatch)
    space = {"--x": ["uniform", [0, 1]]}
    record = submit(
        sqlite_store, tmp_path, sampler=Named("bayesian_sampling"), space=space, most_trials=2
    )
    lock = ControllerLock(sqlite_store, SWEEP, record.id)
    assert lock.acquire()
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(DependencyError):
        main(str(sqlite_store.folder), record.id, str(lock.handle))
    lock.release()
    found = runs.get(sqlite_store, record.id)

    assert found.status is RunStatus.FAILED
    assert found.error.code == "DependencyError"
    assert "Bayesian sampling needs optuna, which" in found.reason
    assert found.error.traceback == ""
