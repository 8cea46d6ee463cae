from __future__ import annotations

import pytest

from aml_magics.commands._base import COMMANDS
from aml_magics.errors import ComputeTargetError, UsageError
from aml_magics.sdk.compute.aml_compute import AmlCompute
from aml_magics.services.compute import registry


@pytest.fixture
def cluster(workspace):
    return registry.create(workspace.store, "cpu", "aml_compute", {"max_nodes": 2})


def test_a_target_is_shown(ask, workspace, cluster):
    answer = ask(workspace, "compute", "cpu")

    assert "0 of 2" in answer.text
    assert "30 min 00 s" in answer.text
    assert isinstance(answer.value, AmlCompute)
    assert ask(workspace, "compute", "local").value is None


def test_a_target_is_scaled(ask, workspace, cluster):
    answer = ask(
        workspace, "compute", "cpu", "--min-nodes", "1", "--max-nodes", "4", "--idle-seconds", "90"
    )

    assert "1 of 4" in answer.text
    assert "1 min 30 s" in answer.text
    with pytest.raises(ComputeTargetError, match="max_nodes is how many"):
        ask(workspace, "compute", "cpu", "--max-nodes", "0")


def test_an_instance_is_stopped_and_started(ask, workspace):
    registry.create(workspace.store, "ci", "compute_instance", {})

    assert "Stopped" in ask(workspace, "compute", "ci", "stop").text
    assert "Running" in ask(workspace, "compute", "ci", "start").text


def test_a_target_is_deleted(ask, workspace, cluster):
    assert ask(workspace, "compute", "cpu", "delete").text == "Compute target 'cpu' is deleted."
    with pytest.raises(ComputeTargetError, match="has no compute target 'cpu'"):
        ask(workspace, "compute", "cpu")


def test_what_cannot_be_meant_is_refused(ask, workspace, cluster):
    with pytest.raises(UsageError, match="Numbers of nodes are no part of `delete`"):
        ask(workspace, "compute", "cpu", "delete", "--max-nodes", "1")
    with pytest.raises(ComputeTargetError, match="'local' is this machine itself, and stays"):
        ask(workspace, "compute", "local", "delete")


def test_names_are_suggested(workspace, cluster):
    command = COMMANDS.load("compute")()

    assert command.suggest(workspace, "compute") == ["local", "cpu"]
    assert command.suggest(workspace, "action") == []
    assert COMMANDS.load("submit")().suggest(workspace, "compute") == ["local", "cpu"]
