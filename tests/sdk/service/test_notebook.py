"""The cells of the courses' notebooks on web services, as they are."""

from __future__ import annotations

import json
import urllib.request

import pytest

from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service.aci import AciWebservice
from aml_magics.sdk.service.inference_config import InferenceConfig
from tests.sdk.service.conftest import ROWS, SCORE


def posted(uri, text, **headers):
    """What ``requests.post(uri, text, headers=…).json()`` gives."""
    asked = urllib.request.Request(
        uri, text.encode(), {"Content-Type": "application/json", **headers}
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return json.loads(answer.read())


def test_a_real_time_service_is_deployed_called_updated_and_deleted(
    workspace, model, tmp_path, capsys
):
    ws = workspace
    folder = tmp_path / "diabetes_service"
    folder.mkdir()
    (folder / "score_diabetes.py").write_text(SCORE)
    (folder / "diabetes_env.yml").write_text(
        "dependencies:\n- python=3.6.2\n- pip:\n  - azureml-defaults\n"
    )
    inference_config = InferenceConfig(
        runtime="python",
        source_directory=str(folder),
        entry_script="score_diabetes.py",
        conda_file="diabetes_env.yml",
    )
    deployment_config = AciWebservice.deploy_configuration(cpu_cores=1, memory_gb=1)
    service_name = "diabetes-service"
    capsys.readouterr()

    service = Model.deploy(
        ws, service_name, [ws.models["diabetes_model"]], inference_config, deployment_config
    )
    service.wait_for_deployment(True)

    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Tips: You can try get_logs(): ")
    assert said[1].startswith("Running")
    assert said[2:] == [
        "Succeeded",
        'ACI service creation operation finished, operation "Succeeded"',
    ]
    assert service.state == "Healthy"
    assert "loaded 2.0" in service.get_logs()
    assert list(ws.webservices) == [service_name]

    predictions = service.run(input_data=ROWS)
    assert json.loads(predictions) == [6.0, 14.0]
    assert json.loads(posted(service.scoring_uri, ROWS)) == [6.0, 14.0]
    assert service.scoring_uri.endswith("/score")
    assert "scoring 2" in service.get_logs()

    service.update(enable_app_insights=True)
    assert "Running" in capsys.readouterr().out
    assert service.enable_app_insights
    assert json.loads(service.run(input_data=ROWS)) == [6.0, 14.0]

    service.delete()
    assert service.state == "Deleting"
    assert list(ws.webservices) == []


def test_a_service_with_keys_is_called_with_one(deploy):
    service = deploy(options=AciWebservice.deploy_configuration(auth_enabled=True))

    primary, secondary = service.get_keys()
    for key in (primary, secondary):
        assert posted(service.scoring_uri, ROWS, Authorization=f"Bearer {key}")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        posted(service.scoring_uri, ROWS)
    assert json.loads(service.run(ROWS)) == [6.0, 14.0]

    service.regen_key("Primary")
    assert service.get_keys()[0] != primary
    assert service.get_keys()[1] == secondary
    with pytest.raises(urllib.error.HTTPError, match="401"):
        posted(service.scoring_uri, ROWS, Authorization=f"Bearer {primary}")
    service.regen_key("secondary", set_key="mine")
    assert service.get_keys()[1] == "mine"


def test_a_broken_script_is_told_by_the_wait_and_the_log(
    workspace, model, config, tmp_path, capsys
):
    (tmp_path / "service" / "score.py").write_text(
        "def init():\n    raise OSError('no disk')\ndef run(d): ...\n"
    )
    service = Model.deploy(workspace, "broken", [model], config)

    with pytest.raises(Exception, match="no disk"):
        service.wait_for_deployment(show_output=True)
    assert capsys.readouterr().out.endswith("\nFailed\n")
    assert service.state == "Failed"
    assert "no disk" in service.error["message"]
    assert "raise OSError('no disk')" in service.get_logs()
    service.delete()
