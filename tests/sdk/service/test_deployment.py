"""What a deployment is asked for, refused and printed."""

from __future__ import annotations

import json

import pytest

from aml_magics.errors import ModelNotFoundError, WebserviceError
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service.aci import AciWebservice
from aml_magics.sdk.service.aks import AksWebservice
from aml_magics.sdk.service.webservice import Webservice
from aml_magics.sdk.workspace.workspace import Workspace
from tests.sdk.service.conftest import doubled


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"workspace": "w"}, r"Model.deploy takes a Workspace first, not str \('w'\)"),
        ({"models": "diabetes_model"}, "Model.deploy takes a list of models, not str"),
        ({"models": None}, "Model.deploy takes a list of models, not NoneType"),
        ({"models": [3]}, r"Model.deploy takes models, as Model\(workspace, name\) gives them, not int"),
        ({"inference_config": "score.py"}, r"inference_config is an InferenceConfig\(.*not str"),
        ({"inference_config": AciWebservice}, "inference_config is an InferenceConfig"),
        ({"deployment_config": "ACI"}, "takes as deployment_config what AciWebservice"),
        ({"deployment_config": {}, "deployment_target": "c"}, "not dict"),
        ({"deployment_config": AciWebservice.deploy_configuration(), "deployment_target": "c"}, "is for AKS, and"),
    ],
)  # fmt: skip
def test_silly_arguments_of_deploy_are_refused(workspace, model, config, given, message):
    arguments = {
        "workspace": workspace,
        "name": "name",
        "models": [model],
        "inference_config": config,
        **given,
    }
    with pytest.raises(WebserviceError, match=message):
        Model.deploy(**arguments)
    assert list(workspace.webservices) == []


def test_a_model_alone_an_unknown_one_and_one_of_elsewhere_are_refused(workspace, model, config):
    with pytest.raises(WebserviceError, match=r"write \[model\], not the model alone"):
        Model.deploy(workspace, "name", model, config)
    with pytest.raises(ModelNotFoundError, match="diabetes_modell"):
        Model.deploy(workspace, "name", ["diabetes_modell"], config)
    assert Model.deploy(workspace, "name", [model.id], config).models == [model]
    other = Workspace.create("other")
    with pytest.raises(WebserviceError, match="is of workspace 'w', and the service of 'other'"):
        Model.deploy(other, "name", [model], config)


def test_a_configuration_is_printed(model, config, capsys):
    Model.print_configuration(
        [model], config, AciWebservice.deploy_configuration(cpu_cores=1), None
    )
    shown = json.loads(capsys.readouterr().out)
    assert shown["models"] == [model.id]
    assert shown["deployment_config"] == "AciServiceDeploymentConfiguration(cpu_cores=1)"


def test_the_older_names_deploy_too(workspace, config, model, capsys):
    by_path = Webservice.deploy(workspace, "by-path", ["model.txt"], config)
    assert [one.id for one in by_path.models] == ["model.txt:1"]
    by_model = Webservice.deploy_from_model(workspace, "by-model", [model], config)
    assert doubled(by_model) == [6.0, 14.0]
    capsys.readouterr()
    local = Webservice.deploy_local_from_model(workspace, "local", [model], config, wait=True)
    assert capsys.readouterr().out.endswith(
        f"Local webservice is running at http://localhost:{local.port}\n"
    )

    class Image:
        _record = type("Record", (), {"id": "image:1", "deployment": by_model._deployment()})

    by_image = Webservice.deploy_from_image(
        workspace, "by-image", Image(), AksWebservice.deploy_configuration()
    )
    assert (by_image.image_id, doubled(by_image)) == ("image:1", [6.0, 14.0])
    assert [one.name for one in Webservice.list(workspace, image_name="image")] == ["by-image"]
    by_path.update(image=Image())
    assert doubled(by_path) == [6.0, 14.0]
    with pytest.raises(WebserviceError, match="leave out image, or models"):
        by_path.update(image=Image(), models=[model])
    with pytest.raises(WebserviceError, match=r"deploy_from_image takes an image.*not str"):
        Webservice.deploy_from_image(workspace, "x-y-z", "image:1")
    with pytest.raises(WebserviceError, match=r"model_paths is a list of paths, not str"):
        Webservice.deploy(workspace, "x-y-z", "model.txt", config)


def test_overwriting_gives_a_service_a_new_revision(workspace, model, config, deploy, tmp_path):
    first = deploy()
    script = tmp_path / "service" / "score.py"
    script.write_text(script.read_text().replace("* weight", "+ weight"))
    second = deploy(overwrite=True)
    assert (second.scoring_uri, doubled(first)) == (first.scoring_uri, [5.0, 9.0])

    with pytest.raises(
        WebserviceError, match="diabetes-service already exists; use another name, overwrite=True"
    ):
        Model.deploy(workspace, "diabetes-service", [model], config)
    with pytest.raises(WebserviceError, match="already exists"):
        Webservice.check_for_existing_webservice(workspace, "diabetes-service")
    Webservice.check_for_existing_webservice(workspace, "another")
