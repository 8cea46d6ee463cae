"""Azure's calls on models: registered from this machine, edited, listed, located and deleted."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aml_magics import Experiment, Run
from aml_magics.errors import (
    ArtifactNotFoundError,
    InvalidArgumentError,
    ModelNotFoundError,
    PropertyExistsError,
    WebserviceError,
)
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.model.resource_configuration import ResourceConfiguration
from aml_magics.sdk.run import context


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The current folder, with a model file, a folder and a CSV."""
    monkeypatch.chdir(tmp_path)
    Path("model.pkl").write_bytes(b"model")
    Path("folder/deep").mkdir(parents=True)
    for name in ("folder/a", "folder/deep/b"):
        Path(name).write_text(name)
    Path("d.csv").write_text("a,b\n1,2\n")
    return tmp_path


@pytest.fixture
def dataset(workspace, here):
    return Dataset.Tabular.from_delimited_files("d.csv").register(workspace, "d")


def test_a_local_file_is_registered(workspace, here, dataset, capsys):
    model = Model.register(
        workspace=workspace,
        model_path="model.pkl",
        model_name="diabetes",
        tags={"type": "logistic"},
        properties={"auc": 0.5},
        description="for é",
        datasets=[("training data", dataset), ("training data", dataset)],
        model_framework=Model.Framework.SCIKITLEARN,
        model_framework_version="1.5",
        sample_input_dataset=dataset,
        sample_output_dataset=Dataset.Tabular.from_delimited_files("d.csv"),
        resource_configuration=ResourceConfiguration(cpu=1, memory_in_gb=0.5),
    )

    assert capsys.readouterr().out == "Registering model diabetes\n"
    found = Model(workspace, "diabetes")
    assert (found, found.id, found.version) == (model, "diabetes:1", 1)
    assert (found.run_id, found.run, found.experiment_name) == (None, None, None)
    assert [one.id for one in found.datasets["training data"]] == [dataset.id, dataset.id]
    assert found.sample_input_dataset.id == dataset.id
    assert found.sample_output_dataset is not None
    assert found.resource_configuration.serialize() == {"cpu": 1, "memoryInGB": 0.5, "gpu": None}
    assert (found.unpack, found.mime_type, found.parent_id) == (False, "application/x-python", None)
    assert (found.stage, found.aliases, found.derived_model_ids) == ("None", (), [])
    assert found.url == f"aml-magics://{workspace.name}/models/diabetes/1"
    assert found.created_by["userName"]
    assert Path(found.download("copy")).read_bytes() == b"model"
    address = found.get_sas_urls()["model.pkl"]
    assert Path(address.removeprefix("file://")).read_bytes() == b"model"

    described = found.serialize()
    assert (described["id"], described["datasets"][0]["name"]) == ("diabetes:1", "training data")
    assert Model.deserialize(workspace, described) == found
    assert Model.list(workspace, dataset_id=dataset.id) == [found]
    assert Model.list(workspace, dataset_id="none") == []


def test_a_folder_and_parts_of_it_are_registered(workspace, here):
    whole = Model.register(workspace, "folder", "m")
    part = Model.register(workspace, Path("folder"), "m", child_paths=["deep/b"])

    assert whole.unpack
    assert sorted(one.name for one in Path(whole.download("one")).iterdir()) == ["a", "deep"]
    assert [one.name for one in Path(part.download("two")).iterdir()] == ["deep"]


def test_a_model_of_a_cells_run_belongs_to_it(workspace, here):
    run = Experiment(workspace, "e").start_logging()
    context.enter(run)
    inside = Model.register(workspace, "model.pkl", "m")
    context.leave(run)
    outside = Model.register(workspace, "model.pkl", "m")

    assert (inside.run_id, outside.run_id) == (run.id, None)
    assert Model.list(workspace, run_id=run.id) == [inside]


def test_tags_properties_and_descriptions_are_changed(workspace, here, dataset):
    model = Model.register(workspace, "model.pkl", "m", tags={"a": 1}, properties={"p": 1})
    model.add_tags({"b": 2})
    model.remove_tags("a")
    model.add_properties({"q": 2})
    model.add_dataset_references([("test", dataset)])
    model.update_tags_properties(add_tags={"c": 3}, remove_tags=["b"], add_properties={"r": 3})
    assert (model.tags, model.properties) == ({"c": "3"}, {"p": "1", "q": "2", "r": "3"})

    model.update(tags={"z": "1"}, description="d", sample_input_dataset=dataset)
    model.set_alias("champion")
    model.set_stage("production")

    for one in (model, Model(workspace, "m"), Model(workspace, "m", version="champion")):
        assert (one.tags, one.description, one.stage) == ({"z": "1"}, "d", "Production")
        assert one.sample_input_dataset.id == dataset.id
        assert list(one.datasets) == ["test"]
    with pytest.raises(PropertyExistsError):
        model.add_properties({"p": "other"})


def test_a_deleted_model_is_gone(workspace, here):
    first = Model.register(workspace, "model.pkl", "m")
    Model.register(workspace, "model.pkl", "m")
    first.delete()

    assert [one.version for one in Model.list(workspace)] == [2]
    with pytest.raises(ModelNotFoundError, match="m:1 has been deleted"):
        first.add_tags({"a": "b"})
    with pytest.raises(WebserviceError, match="ModelNotFound"):  # what Azure raises
        Model(workspace, "m", version=1)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"datasets": ["d"]}, r"datasets are pairs such as \[\('training data', dataset\)\]"),
        ({"datasets": [("a", "d")]}, r"what Dataset.get_by_name\(workspace, name\) gives, not "),
        ({"datasets": [("a", None)]}, "The dataset of 'a' is None"),
        ({"sample_input_dataset": 1}, "A dataset of a model is what"),
        (
            {"resource_configuration": {"cpu": 1}},
            "resource_configuration is a ResourceConfiguration",
        ),
    ],
)
def test_silly_arguments_say_what_is_wanted(workspace, here, wanted, words):
    with pytest.raises(InvalidArgumentError, match=words):
        Model.register(workspace, "model.pkl", "m", **wanted)
    with pytest.raises(ArtifactNotFoundError, match="current folder"):
        Model.register(workspace, "nothing.pkl", "m")
    assert Model.list(workspace) == []


# -- get_model_path -----------------------------------------------------------------------


def test_the_path_is_a_copy_from_the_registry_that_is_checked(workspace, here):
    Model.register(workspace, "folder", "m")
    Model.register(workspace, "model.pkl", "m")

    path = Path(Model.get_model_path("m", _workspace=workspace))
    assert path == Path("azureml-models/m/2/model.pkl")
    assert Model.get_model_path("m", version=1, _workspace=workspace) == "azureml-models/m/1/folder"
    path.write_bytes(b"mudel")
    assert Path(Model.get_model_path("m", _workspace=workspace)).read_bytes() == b"model"

    workspace.write_config()
    assert Path(Model.get_model_path("m")) == path


def test_the_path_in_a_web_service_is_where_the_service_has_it(workspace, here, monkeypatch):
    Model.register(workspace, "model.pkl", "m")
    for name in ("m/1/model.pkl", "m/10/model.pkl", "n/2/a", "n/2/b"):
        place = here / "service" / "azureml-models" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("service")
    root = here / "service" / "azureml-models"

    monkeypatch.setenv("AZUREML_MODEL_DIR", str(root))
    assert Model.get_model_path("m") == str(root / "m/10/model.pkl")
    assert Model.get_model_path("m", 1) == str(root / "m/1/model.pkl")
    assert Model.get_model_path("n") == str(root / "n/2")
    monkeypatch.setenv("AZUREML_MODEL_DIR", str(root / "m/1"))
    assert Model.get_model_path("m") == str(root / "m/1/model.pkl")


def test_without_a_registry_the_path_is_a_file_of_the_folder(workspace, here):
    assert Model.get_model_path("model.pkl", _workspace=workspace) == "model.pkl"
    Path("azureml-models/k/3").mkdir(parents=True)
    Path("azureml-models/k/3/f").write_text("f")
    assert Model.get_model_path("k", _workspace=workspace) == "azureml-models/k/3/f"
    for name in ("../folder", "..", "", "a\0b", "x" * 5_000, "k:3"):
        with pytest.raises(ModelNotFoundError, match="ModelNotFound"):
            Model.get_model_path(name, version=3, _workspace=workspace)
    with pytest.raises(ModelNotFoundError, match="Nor is it in the folder 'azureml-models'"):
        Model.get_model_path("nothing", _workspace=workspace)


def test_a_submitted_script_registers_for_its_run(workspace, here):
    run = Experiment(workspace, "e").start_logging()
    script = (
        "from azureml.core import Model, Workspace\n"
        "import os\n"
        f"ws = Workspace.get({workspace.name!r})\n"
        "Model.register(ws, 'model.pkl', 'm')\n"
    )
    variables = {"AML_MAGICS_WORKSPACE": workspace.name, "AZUREML_RUN_ID": run.id}
    folder = Path(sys.modules["aml_magics"].__file__).parent / "compat"
    subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **variables, "PYTHONPATH": str(folder)},
        check=True,
    )
    assert Model(workspace, "m").run == run


def test_a_run_says_what_its_model_was_made_with(workspace, here, dataset):
    run = Experiment(workspace, "e").start_logging()
    run.upload_file("model.pkl", io.BytesIO(b"model"))
    model = run.register_model(
        "m", "model.pkl", datasets=[("training", dataset)], sample_input_dataset=dataset,
        resource_configuration=ResourceConfiguration(cpu=2),
    )  # fmt: skip

    assert list(model.datasets) == ["training"]
    assert model.resource_configuration.cpu == 2
    assert isinstance(model.run, Run)
