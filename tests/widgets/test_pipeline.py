from __future__ import annotations

import pytest

from aml_magics.errors import InvalidArgumentError, PipelineError
from aml_magics.sdk.run.run import Run
from aml_magics.services.run import run as runs
from aml_magics.widgets import PipelineWidget, RunDetails
from tests.services.pipeline.scheduled import start_no_processes
from tests.views.pipeline.piped import piped


@pytest.fixture
def pipeline(workspace, tmp_path, monkeypatch):
    start_no_processes(monkeypatch)
    return Run.get(workspace, piped(workspace.store, tmp_path).id)


def test_a_widget_is_about_the_run_of_a_pipeline(workspace, pipeline):
    shown = PipelineWidget(pipeline)
    assert repr(shown) == f"PipelineWidget({pipeline.name!r}, status='Preparing')"
    assert shown._subject() == {"run": pipeline.id}
    with pytest.raises(PipelineError, match="is no run of a pipeline"):
        PipelineWidget(Run.get(workspace, runs.start(workspace.store, "e").id))
    with pytest.raises(InvalidArgumentError, match="PipelineWidget"):
        PipelineWidget(7)


def test_details_of_a_pipeline_are_its_steps(pipeline, capsys):
    RunDetails(pipeline).show()
    assert "0 of 4 steps have ended" in capsys.readouterr().out
