"""What is easily done wrong with the registry, and what is said then."""

from __future__ import annotations

from pathlib import Path

import pytest

from aml_magics import Experiment
from aml_magics.errors import (
    ArtifactNotFoundError,
    InvalidArgumentError,
    InvalidNameError,
    InvalidPathError,
    ModelNotFoundError,
    UsageError,
)
from aml_magics.sdk.model.model import Model


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The current folder, with a model file and a folder."""
    monkeypatch.chdir(tmp_path)
    Path("model.pkl").write_bytes(b"model")
    Path("folder/deep").mkdir(parents=True)
    for name in ("folder/a.txt", "folder/deep/b"):
        Path(name).write_text(name)
    return tmp_path


@pytest.fixture
def model(workspace, here):
    return Model.register(workspace, "model.pkl", "diabetes", tags={"area": "health", "auc": 0.9})


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (("modle.pkl", "m"), ArtifactNotFoundError, r"Did you mean 'model\.pkl'\?"),
        (("folder/a.tx", "m"), ArtifactNotFoundError, r"Did you mean 'folder/a\.txt'\?"),
        (("m", "model.pkl"), ArtifactNotFoundError, "model_path comes before model_name"),
        (("no/where/at/all", "m"), ArtifactNotFoundError, "is no file, folder or pattern"),
        (("a\0b", "m"), ArtifactNotFoundError, "is no file, folder or pattern"),
        ((None, "m"), InvalidPathError, "model_path is the path of a file or folder, or a pattern"),
        (("model.pkl", None), InvalidNameError, "is text, not NoneType"),
    ],
)
def test_a_wrong_path_says_what_was_meant(workspace, here, given, error, words):
    with pytest.raises(error, match=words):
        Model.register(workspace, *given)
    assert Model.list(workspace) == []


def test_something_else_than_a_workspace_is_refused(here):
    for call in (
        lambda: Model.register("lab", "model.pkl", "m"),
        lambda: Model.list("lab"),
        lambda: Model("lab", "m"),
    ):
        with pytest.raises(
            InvalidArgumentError, match=r"takes a Workspace first, not str \('lab'\)"
        ):
            call()


def test_parts_of_a_folder_may_be_one_text(workspace, here):
    one = Model.register(workspace, "folder", "m", child_paths="a.txt")
    assert list(one.get_sas_urls()) == ["folder/a.txt"]
    with pytest.raises(ArtifactNotFoundError, match=r"no 'a\.tx' of child_paths\. Did you mean 'a"):
        Model.register(workspace, "folder", "m", child_paths=["a.tx"])


def test_a_link_to_nothing_is_named(workspace, here):
    Path("folder/link").symlink_to("nowhere")
    with pytest.raises(
        InvalidPathError, match="'folder/link' is a link to 'nowhere', which is not"
    ):
        Model.register(workspace, "folder", "m")


def test_versions_are_not_written_into_names(workspace, model):
    for name, version in (("diabetes:1", "1"), ("diabetes@champion", "champion")):
        with pytest.raises(ModelNotFoundError, match=rf"'diabetes', version='{version}'\) is a"):
            Model(workspace, name)
    with pytest.raises(UsageError, match="The id of a model is 'name:version', not 'diabetes'"):
        Model(workspace, id="diabetes")
    with pytest.raises(ModelNotFoundError, match=r"has tags=\{'area': 'x'\}, run_id='r'; Model"):
        Model(workspace, "diabetes", tags={"area": "x"}, run_id="r")


def test_tags_are_looked_for_in_every_form(workspace, model):
    for tags in ("area", ["area"], [["area", "health"]], {"auc": 0.9}, [("auc", 0.9), "area"]):
        assert Model.list(workspace, tags=tags) == [model]
    for tags in ([5], [["area", "health", "more"]], [[]], [[5, "a"]]):
        with pytest.raises(
            InvalidArgumentError, match=r"looked for as \['key', \['key', 'value'\]\]"
        ):
            Model.list(workspace, tags=tags)


def test_an_alias_moves_and_goes(workspace, model):
    second = Model.register(workspace, "folder", "diabetes")
    for one in (model, second, model, second, second):
        one.set_alias("champion")
        assert Model(workspace, "diabetes", version="champion") == one
    with pytest.raises(UsageError, match="Model diabetes:1 has no alias 'champion'; it has none"):
        model.delete_alias("champion")
    second.delete_alias("@champion")
    assert (second.aliases, Model(workspace, "diabetes").aliases) == ((), ())
    with pytest.raises(InvalidNameError, match="not None"):
        second.set_alias(None)


def test_a_download_meets_what_is_in_its_way(workspace, model):
    with pytest.raises(InvalidPathError, match=r"target_dir 'model\.pkl' is a file"):
        model.download("model.pkl", exist_ok=True)
    with pytest.raises(InvalidPathError, match="Not a directory; name another target_dir"):
        model.download("model.pkl/deeper")
    Path("out/model.pkl").mkdir(parents=True)
    with pytest.raises(InvalidPathError, match="Is a directory; name another target_dir"):
        model.download("out", exist_ok=True)
    assert [one.name for one in Path("out").iterdir()] == ["model.pkl"]


def test_a_deleted_model_is_not_said_to_be_damaged(workspace, model):
    model.delete()
    with pytest.raises(ModelNotFoundError, match="'diabetes'"):
        model.download("out")


def test_a_service_has_the_models_that_it_was_deployed_with(workspace, model, monkeypatch):
    root = Path("azureml-models").absolute()
    for path in ("one/1/f", "one/2/f", "two/3/f"):
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text("x")
    monkeypatch.chdir(root)
    monkeypatch.setenv("AZUREML_MODEL_DIR", str(root))
    with pytest.raises(ModelNotFoundError, match="no model 'diabetes'; it has one:1, one:2, two:3"):
        Model.get_model_path("diabetes")
    monkeypatch.setenv("AZUREML_MODEL_DIR", str(root / "one/2"))
    with pytest.raises(
        ModelNotFoundError, match=r"service has no model 'one:1'; it has one:2\. Mod"
    ):
        Model.get_model_path("one", version=1)
    assert Model.get_model_path("diabetes", _workspace=workspace).endswith("/1/model.pkl")


def test_a_run_is_asked_for_a_file_by_its_path(workspace, here):
    run = Experiment(workspace, "e").start_logging(snapshot_directory=None)
    run.upload_file("outputs/model.pkl", "model.pkl")
    with pytest.raises(
        ArtifactNotFoundError, match="model_path says which; without it the model's"
    ):
        run.register_model("diabetes")
