"""Images and packages, as old notebooks make them."""

from __future__ import annotations

import json
import sys

import pytest

from aml_magics.errors import (
    ContainerEngineError,
    ImageNotFoundError,
    ModelInUseError,
    ModelNotFoundError,
    WebserviceError,
)
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service.aci import AciWebservice
from aml_magics.sdk.service.image import ContainerImage, Image
from aml_magics.sdk.service.inference_config import InferenceConfig
from aml_magics.sdk.service.webservice import Webservice
from aml_magics.services.environment.lockfile import Lock
from aml_magics.services.image import context, engine
from tests.sdk.service.conftest import ROWS, SCORE


@pytest.fixture
def image_config(tmp_path, model):
    """The configuration of an old notebook: a script, what lies beside it, tags."""
    (tmp_path / "score.py").write_text(SCORE)
    (tmp_path / "lib" / "deep").mkdir(parents=True)
    (tmp_path / "lib" / "deep" / "one.py").write_text("")
    (tmp_path / "schema.json").write_text("{}")
    with pytest.warns(DeprecationWarning, match="InferenceConfig"):
        return ContainerImage.image_configuration(
            "score.py",
            "python",
            schema_file="schema.json",
            dependencies=["lib"],
            tags={"area": "diabetes"},
            description="scores",
        )


@pytest.fixture
def lock(monkeypatch):
    """No index is asked."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    monkeypatch.setattr(context, "lock_of", lambda _: Lock("numpy==1\n", here, ("a note",)))


def test_image_is_made_found_and_described(workspace, model, image_config):
    made = Image.create(workspace, "scorer", [model], image_config)
    made.wait_for_creation(show_output=True)
    again = Image.create(workspace, "scorer", [model], image_config)

    assert (made.id, again.version) == ("scorer:1", 2)
    assert isinstance(Image(workspace, "scorer"), Image)
    assert Image(workspace, "scorer").id == "scorer:2"
    assert ContainerImage(workspace, id="scorer:1").assets == [
        "score.py", "schema.json", "lib/deep/one.py",
    ]  # fmt: skip
    assert (made.creation_state, made.description) == ("Succeeded", "scores")
    assert [one.id for one in made.models] == [model.id] == made.model_ids
    assert [one.id for one in Image.list(workspace, tags=["area"])] == ["scorer:2", "scorer:1"]
    assert Image.list(workspace, model_name="letters") == []
    assert Image.deserialize(workspace, json.loads(json.dumps(made.serialize()))).id == made.id
    with pytest.raises(ModelInUseError):
        model.delete()


def test_image_is_tagged_and_deleted(workspace, model, image_config):
    made = Image.create(workspace, "scorer", [model], image_config)
    made.add_tags({"b": 1})
    made.remove_tags(["area"])
    made.add_properties({"p": 1})

    assert (made.tags, made.properties) == ({"b": "1"}, {"p": "1"})
    made.update({"c": 2})
    assert Image(workspace, "scorer", tags=["c"]).tags == {"c": "2"}
    made.delete()
    with pytest.raises(ImageNotFoundError):
        Image(workspace, "scorer")
    model.delete()


def test_service_of_an_image_answers(workspace, model, image_config):
    image = Image.create(workspace, "scorer", [model], image_config)
    service = Webservice.deploy_from_image(
        workspace, "image-service", image, AciWebservice.deploy_configuration()
    )
    service.wait_for_deployment()

    assert json.loads(service.run(ROWS)) == [6.0, 14.0]
    with pytest.raises(WebserviceError, match="'image-service'"):
        image.delete()


@pytest.mark.filterwarnings("ignore:ContainerImage is of the old style")
def test_wrong_arguments_of_images_are_told(workspace, model, image_config, tmp_path):
    with pytest.raises(WebserviceError, match="not there"):
        ContainerImage.image_configuration("score.py", "python", dependencies=["nothing"])
    with pytest.raises(WebserviceError, match="runtime is"):
        ContainerImage.image_configuration("score.py", "pithon")
    with pytest.raises(WebserviceError, match="list of models"):
        Image.create(workspace, "scorer", model, image_config)
    with pytest.raises(ModelNotFoundError):
        Image.create(workspace, "scorer", ["letters:1"], image_config)
    with pytest.raises(WebserviceError, match="its name or its id"):
        Image(workspace)
    made = Image.create(workspace, "scorer", [model], image_config)
    with pytest.raises(WebserviceError, match="deploy_from_image"):
        made.run(ROWS)


def test_package_is_a_folder_with_a_dockerfile(workspace, model, config, lock, tmp_path):
    package = Model.package(workspace, [model], config, generate_dockerfile=True)
    package.wait_for_creation(show_output=True)
    package.save(tmp_path / "files")

    assert package.state == "Succeeded"
    assert "a note" in package.get_logs()
    assert (tmp_path / "files" / "Dockerfile").read_text().startswith("FROM python:")
    assert (tmp_path / "files" / "azureml-app" / "score.py").read_text() == SCORE
    with pytest.raises(WebserviceError, match="empty folder"):
        package.save(tmp_path / "files")
    with pytest.raises(WebserviceError, match="save"):
        package.pull()


def test_package_is_built_where_an_engine_works(workspace, model, config, lock, monkeypatch):
    built = []
    monkeypatch.setattr(engine, "find", lambda: engine.Engine("docker", "docker"))
    monkeypatch.setattr(engine, "build", lambda _engine, _folder, tag, _say: built.append(tag))
    package = Model.package(workspace, [model], config, image_name="Scorer", image_label="v1")

    assert package.pull() == package.location == "scorer:v1" == built[0]
    manifest = package.iot_manifest("digits")
    assert "scorer:v1" in json.dumps(manifest)

    def none() -> None:
        raise ContainerEngineError("none")

    monkeypatch.setattr(engine, "find", none)
    with pytest.raises(ContainerEngineError):
        package.pull()


def test_steps_and_base_image_of_the_old_style_reach_the_dockerfile(
    workspace, model, lock, tmp_path
):
    (tmp_path / "score.py").write_text(SCORE)
    (tmp_path / "steps").write_text("RUN apt-get update")
    old = InferenceConfig(
        "score.py", runtime="python", extra_docker_file_steps="steps", base_image="host/base:1"
    )
    package = Model.package(workspace, [model], old, generate_dockerfile=True)
    package.save(tmp_path / "files")

    text = (tmp_path / "files" / "Dockerfile").read_text()
    assert text.startswith("FROM host/base:1\n")
    assert "RUN apt-get update\n" in text
