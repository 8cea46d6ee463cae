"""Services in processes of their own, called as the courses' notebooks do."""

from __future__ import annotations

import json
import sys
from collections import Counter

import pytest

from aml_magics.errors import WebserviceError
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service.aci import AciWebservice
from aml_magics.sdk.service.endpoint import AksEndpoint
from aml_magics.sdk.service.inference_config import InferenceConfig
from tests.sdk.conftest import until
from tests.sdk.service.conftest import ROWS
from tests.sdk.service.test_notebook import posted

SCORE = """
import json
from azureml.core.model import Model

def init():
    global weight
    with open(Model.get_model_path("diabetes_model")) as file:
        weight = float(file.read())
    print("loaded", weight)

def run(raw_data):
    rows = json.loads(raw_data)["data"]
    print("scoring", len(rows))
    return json.dumps([sum(row) * weight for row in rows])
"""
NAMED = "def init(): pass\ndef run(data): return {!r}\n"


@pytest.fixture(autouse=True)
def _hosting(workspace):
    """Nothing stands in for the process; services end with the test."""
    yield
    for one in workspace.webservices.values():
        one.delete()


def named(folder, word):
    (folder / word).mkdir(exist_ok=True)
    (folder / word / "score.py").write_text(NAMED.format(word))
    return InferenceConfig("score.py", source_directory=folder / word)


def test_a_notebook_deploys_calls_breaks_and_deletes_a_service(
    workspace, model, config, tmp_path, capsys
):
    (tmp_path / "service" / "score.py").write_text(SCORE)
    options = AciWebservice.deploy_configuration(cpu_cores=1, memory_gb=1)
    service = Model.deploy(workspace, "diabetes-service", [model], config, options)
    service.wait_for_deployment(True)
    assert capsys.readouterr().out.endswith(
        '\nSucceeded\nACI service creation operation finished, operation "Succeeded"\n'
    )
    assert (service.state, list(workspace.webservices)) == ("Healthy", ["diabetes-service"])
    assert json.loads(service.run(input_data=ROWS)) == [6.0, 14.0]
    assert json.loads(posted(service.scoring_uri, ROWS)) == [6.0, 14.0]
    until(lambda: "scoring 2" in service.get_logs())
    assert "loaded 2.0" in service.get_logs(init=True)

    service.update(enable_app_insights=True, auth_enabled=True)
    old, _ = service.get_keys()
    service.regen_key("Primary")
    assert json.loads(service.run(ROWS)) == [6.0, 14.0]
    with pytest.raises(Exception, match="401"):
        posted(service.scoring_uri, ROWS, Authorization=f"Bearer {old}")

    capsys.readouterr()
    (tmp_path / "service" / "score.py").write_text(
        "def init(): raise OSError('no disk')\ndef run(data): ...\n"
    )
    service.update(inference_config=config)
    assert "no disk. Revision 2 goes on to answer. get_logs() says more." in capsys.readouterr().out
    with pytest.raises(WebserviceError, match="no disk"):
        service.wait_for_deployment()
    assert service.state == "Failed"
    assert json.loads(service.run(ROWS)) == [6.0, 14.0]

    service.delete()
    assert (service.state, list(workspace.webservices)) == ("Deleting", [])
    model.delete()


def test_versions_of_an_endpoint_share_its_requests(workspace, tmp_path):
    options = AksEndpoint.deploy_configuration(version_name="a", num_replicas=1, auth_enabled=False)
    endpoint = Model.deploy(workspace, "endpoint", [], named(tmp_path, "first"), options)
    endpoint.wait_for_deployment()
    endpoint.create_version("b", inference_config=named(tmp_path, "second"), traffic_percentile=50)
    endpoint.wait_for_deployment()
    until(lambda: set(Counter(endpoint.run("{}") for _ in range(10))) == {"first", "second"})

    endpoint.update_version("b", is_default=True)
    endpoint.delete_version("a")
    until(lambda: set(Counter(endpoint.run("{}") for _ in range(10))) == {"second"})


BUILT = """
import sys
from importlib.util import find_spec

def init():
    import six

def run(data):
    return {"prefix": sys.prefix, "sklearn": find_spec("sklearn") is not None, "keeps": not sys.dont_write_bytecode}
"""


def test_a_service_runs_in_an_environment_of_its_own(
    workspace, model, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "score.py").write_text(BUILT)
    environment = Environment("six")
    environment.python.conda_dependencies = CondaDependencies.create(
        conda_packages=["six"],
        pip_packages=["azureml-defaults"],
        python_version=".".join(map(str, sys.version_info[:2])),
    )
    config = InferenceConfig("score.py", source_directory=tmp_path, environment=environment)

    service = Model.deploy(workspace, "built", [model], config)
    service.wait_for_deployment()

    said = service.run("{}")
    assert said.pop("prefix") != sys.prefix
    assert said == {"sklearn": False, "keeps": True}
    assert "Built environment 'six'" in service.get_logs()
    assert service.environment.name == "six"

    environment.python.conda_dependencies.add_pip_package("six<0")
    service.update(inference_config=config)
    said = capsys.readouterr().out
    assert "The environment 'six' cannot be built" in said
    assert "Revision 1 goes on to answer." in said
    assert service.run("{}")["keeps"]
