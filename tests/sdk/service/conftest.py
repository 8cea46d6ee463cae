"""Services of a test, and what they are made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service.inference_config import InferenceConfig
from tests.sdk.service.hosting import Hosting

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics import Workspace

SCORE = """
import json, os

def init():
    global weight
    path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.txt")
    with open(path) as file:
        weight = float(file.read())
    print("loaded", weight)

def run(raw_data):
    rows = json.loads(raw_data)["data"]
    print("scoring", len(rows))
    return json.dumps([sum(row) * weight for row in rows])
"""
ROWS = json.dumps({"data": [[1, 2], [3, 4]]})


def doubled(service):
    """The answer to ``ROWS``."""
    return json.loads(service.run(ROWS))


@pytest.fixture(autouse=True)
def _hosting(monkeypatch):
    made = Hosting(monkeypatch)
    yield
    made.end()


@pytest.fixture
def model(workspace: Workspace, tmp_path, monkeypatch) -> Model:
    """A model that is one number, in a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.txt").write_text("2")
    return Model.register(workspace, "model.txt", "diabetes_model")


@pytest.fixture
def config(tmp_path, model) -> InferenceConfig:
    """A script that multiplies by the model."""
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "score.py").write_text(SCORE)
    return InferenceConfig("score.py", source_directory="service")


@pytest.fixture
def deploy(workspace, model, config) -> Callable:
    """Deploys the model under a name, and waits."""

    def deploy_(name="diabetes-service", options=None, **more):
        service = Model.deploy(workspace, name, [model], config, options, **more)
        service.wait_for_deployment()
        return service

    return deploy_
