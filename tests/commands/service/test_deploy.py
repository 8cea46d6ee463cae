from __future__ import annotations

import pytest

from aml_magics.commands.service._deploying import service_name_of
from aml_magics.commands.service.deploy import DeployCommand
from aml_magics.errors import ModelNotFoundError, UsageError
from tests.fixtures.services import put_service


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "score.py"
    path.write_text("def init(): ...\ndef run(data): return data\n")
    return str(path)


@pytest.mark.parametrize(
    ("model", "name"), [("digits:3", "digits"), ("My_Model", "my-model"), ("7b", "s-7b")]
)
def test_a_service_is_named_after_its_model(model, name):
    assert service_name_of(model) == name


def test_a_model_that_is_not_registered_is_not_deployed(ask, workspace, script):
    with pytest.raises(ModelNotFoundError, match="nothing"):
        ask(workspace, "deploy", "nothing", "--entry", script)


def test_options_that_make_no_sense_are_refused(ask, workspace, script):
    with pytest.raises(UsageError, match="--replicas takes a whole number from 1 up, not 0"):
        ask(workspace, "deploy", "nothing", "--entry", script, "--replicas", "0")
    with pytest.raises(UsageError, match="needs --entry"):
        ask(workspace, "deploy", "nothing")


def test_services_are_suggested(workspace):
    put_service(workspace.store)

    assert DeployCommand().suggest(workspace, "name") == ["digits"]
    assert DeployCommand().suggest(workspace, "models") == []
