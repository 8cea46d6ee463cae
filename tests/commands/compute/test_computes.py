from __future__ import annotations

import pytest

from aml_magics.services.compute import registry
from aml_magics.services.job.submission import Submission, submit
from aml_magics.services.process import queue
from aml_magics.views.compute.output import COMPUTES


@pytest.fixture(autouse=True)
def _no_scheduler(monkeypatch):
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    monkeypatch.setenv("AML_MAGICS_SLOTS", "2")


def test_targets_are_listed_with_their_queues(ask, workspace, tmp_path):
    store = workspace.store
    registry.create(store, "cpu", "aml_compute", {"max_nodes": 3})
    ssh = {"username": "u", "address": "host"}
    registry.create(store, "ssh", "remote", ssh, is_attached=True)
    (tmp_path / "s.py").write_text("")
    for target in ("cpu", "cpu", "local"):
        submit(store, "e", Submission(tmp_path, script="s.py", target=target))

    answer = ask(workspace, "computes")

    frame = answer.value
    assert list(frame["name"]) == ["local", "cpu", "ssh"]
    assert frame["waiting"].tolist() == [1, 2, 0]
    assert frame["max_nodes"].tolist() == [2, 3, 0]
    assert str(frame["created"].dtype) == "datetime64[us, UTC]"
    assert "0 of 3" in answer.text
    assert "none here" in answer.text
    assert "e-2" in answer.text
    assert COMPUTES in answer.bundle


def test_without_targets_this_machine_is_there(ask, workspace):
    answer = ask(workspace, "computes")

    assert list(answer.value["name"]) == ["local"]
    assert "No run waits or goes on." in answer.text
