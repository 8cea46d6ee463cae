from __future__ import annotations

import pytest

from aml_magics.errors import InvalidArgumentError, RunNotFoundError, SweepError
from aml_magics.sdk.run.run import Run
from aml_magics.views.sweep.output import SWEEP
from aml_magics.widgets import RunDetails, SweepWidget
from tests.services.sweep.in_process import controlled, submit, without_processes


@pytest.fixture
def swept(workspace, tmp_path, monkeypatch):
    """The run of a sweep of three trials."""
    without_processes(monkeypatch)
    store = workspace.store
    record = submit(store, tmp_path)
    with controlled(store, record.id) as one:
        one.round()
        for number, value in enumerate((0.2, 0.9, 0.5)):
            one.end(number, value)
        one.finish()
    return Run.get(workspace, record.id)


def test_what_is_brushed_is_a_frame(sent, swept):
    widget = SweepWidget(swept)
    assert SWEEP in widget._repr_mimebundle_()[0]
    assert widget.dataframe()["metrics.acc"].tolist() == [0.2, 0.9, 0.5]
    widget.set_state({"selected": [f"{swept.id}_2", "gone"]})
    assert widget.selected == [f"{swept.id}_2"]
    assert widget.dataframe(selected=True)["params.x"].tolist() == [0.5]
    assert [run.id for run in widget.selected_runs()] == [f"{swept.id}_2"]
    with pytest.raises(RunNotFoundError, match="Did you mean"):
        widget.selected = [f"{swept.id}_7"]
    assert "status='Completed'" in repr(widget)


def test_what_is_no_sweep_is_refused(sent, run):
    with pytest.raises(SweepError, match="is no sweep"):
        SweepWidget(run)
    with pytest.raises(InvalidArgumentError, match="SweepWidget takes a Run"):
        SweepWidget(None)


def test_run_details_of_a_sweep_are_its_trials(swept, capsys):
    RunDetails(swept).show()
    assert "Best acc: 0.9 of trial 1" in capsys.readouterr().out
