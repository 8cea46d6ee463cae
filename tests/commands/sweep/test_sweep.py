from __future__ import annotations

import pytest

from aml_magics.commands.sweep._frame import trial_frame
from aml_magics.commands.sweep.sweep import SweepCommand
from aml_magics.errors import SweepError
from aml_magics.sdk.sweep.hyperdrive_run import HyperDriveRun
from aml_magics.services.run import run as runs
from aml_magics.views.sweep.output import SWEEP


def test_a_sweep_is_shown_by_its_id_by_last_and_by_one_of_its_trials(ask, workspace, swept):
    runs.start(workspace.store, "later")
    for words in ([], ["last"], [swept.id], [f"{swept.id}_2"]):
        answer = ask(workspace, "sweep", *words)
        assert isinstance(answer.value, HyperDriveRun)
        assert answer.value.id == swept.id
        assert "Best acc: 0.9" in answer.text
        assert SWEEP in answer.bundle
    assert SweepCommand().suggest(workspace, "sweep")[:1] == ["last"]
    assert swept.id in SweepCommand().suggest(workspace, "sweep")


def test_without_sweeps_a_word_says_how_one_is_made(ask, workspace):
    with pytest.raises(SweepError, match="aml_sweep"):
        ask(workspace, "sweep")
    assert len(ask(workspace, "sweeps").value) == 0


def test_a_run_that_is_no_sweep_says_so(ask, workspace):
    run = runs.start(workspace.store, "e")
    with pytest.raises(SweepError, match="is no sweep"):
        _ = ask(workspace, "sweep", run.id).text


def test_trials_are_a_frame(workspace, swept):
    frame = trial_frame(workspace.store, swept)
    assert frame["params.x"].tolist() == [0.2, 0.9, 0.5]
    assert frame["metrics.acc"].tolist() == [0.2, 0.9, 0.5]
    assert not frame["ended_early"].any()
    some = trial_frame(workspace.store, swept, {f"{swept.id}_1"})
    assert some["trial"].tolist() == [1]
