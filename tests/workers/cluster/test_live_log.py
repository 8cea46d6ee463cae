"""The output of a run goes to the store while it grows, where its file is on another machine."""

from __future__ import annotations

import pytest

from aml_magics.errors import RunFinishedError
from aml_magics.records.status import RunStatus
from aml_magics.services.run import run as runs
from aml_magics.services.run.ending import end
from aml_magics.services.run.ingest import let_go
from aml_magics.services.run.log import read_log
from aml_magics.workers.cancellation import Cancellation
from aml_magics.workers.execution import Execution
from aml_magics.workers.uploads import LiveLog


def test_a_log_is_uploaded_when_it_has_grown_and_a_pause_is_over(store, tmp_path):
    run, path = runs.start(store, "e"), tmp_path / "log"
    live = LiveLog(store, run, path)
    live.sync()
    assert read_log(store, run) == ""

    path.write_text("one\n")
    live.sync()
    assert read_log(store, run) == "one\n"
    path.write_text("one\ntwo\n")
    live.sync()
    assert read_log(store, run) == "one\n"  # so soon it is not stored again
    live._next = 0.0
    live.sync()
    assert read_log(store, run) == "one\ntwo\n"


def test_a_script_whose_run_was_ended_elsewhere_has_no_use_any_more(store):
    """A machine that was cut off, and comes back after its lease."""
    run = runs.start(store, "e")
    execution = Execution(store, run, [], Cancellation([]))
    execution._check_owner()
    end(store, run.key, RunStatus.FAILED, reason="lost", ours=False)
    let_go(store, run.key, RunFinishedError("ended"))

    with pytest.raises(RunFinishedError, match="was ended by another process; its script is ended"):
        execution._check_owner()
