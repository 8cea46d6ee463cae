"""``%aml pipelines``."""

from __future__ import annotations

import pytest

from aml_magics.views.pipeline.output import PIPELINES
from tests.services.pipeline.scheduled import scheduled, start_no_processes
from tests.views.pipeline.piped import done, piped


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch):
    start_no_processes(monkeypatch)


def test_pipelines_are_a_frame_of_runs(ask, workspace, tmp_path):
    run = piped(workspace.store, tmp_path)
    done(workspace.store, run, "prepare")
    answer = ask(workspace, "pipelines")

    assert answer.value["id"].tolist() == [run.id]
    assert answer.value["done"].tolist() == [1]
    assert str(answer.value["created"].dtype) == "datetime64[us, UTC]"
    assert PIPELINES in answer.bundle
    assert "1 run, 0 published pipelines" in answer.text


def test_an_empty_workspace_has_an_empty_frame(ask, workspace):
    assert len(ask(workspace, "pipelines").value) == 0


def test_what_is_published_and_when_it_runs_is_shown(ask, workspace):
    scheduled(workspace.store)
    assert "nightly" in ask(workspace, "pipelines").text
