from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aml_magics import Experiment
from aml_magics.errors import (
    AlreadyExistsError,
    ArtifactNotFoundError,
    InvalidArgumentError,
    InvalidNameError,
    InvalidPathError,
    ModelNotFoundError,
    RunNotFoundError,
    StoreCorruptError,
    UsageError,
)
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.model.resource_configuration import ResourceConfiguration

BOMB = b"cos\nsystem\n(S'touch exploded'\ntR."  # a pickle that runs a command when it is loaded


@pytest.fixture
def run(workspace):
    run = Experiment(workspace, "e").start_logging()
    for name in ("outputs/model.pkl", "outputs/deep/a", "outputs/deep/b/c", "other.txt"):
        run.upload_file(name, io.BytesIO(name.encode()))
    return run


def test_a_file_of_a_run_becomes_a_model(run, workspace):
    before = datetime.now(UTC)
    model = run.register_model(
        model_name="diabetes",
        model_path="outputs/model.pkl",
        tags={"Training context": "Script", "n": 1},
        properties={"AUC": 0.875, "none": None},
        model_framework=Model.Framework.SCIKITLEARN,
        model_framework_version="1.5",
        description="A model\nof é😀",
        datasets=[],
    )

    assert (model.name, model.version, model.id) == ("diabetes", 1, "diabetes:1")
    assert model.tags == {"Training context": "Script", "n": "1"}
    assert model.properties == {"AUC": "0.875", "none": None}
    assert (model.model_framework, model.model_framework_version) == ("ScikitLearn", "1.5")
    assert model.description == "A model\nof é😀"
    assert (model.run_id, model.run, model.experiment_name) == (run.id, run, "e")
    assert before <= model.created_time <= datetime.now(UTC)
    assert model.workspace == workspace
    assert repr(model) == (
        f"Model(workspace={workspace!r}, name=diabetes, id=diabetes:1, version=1, "
        "tags={'Training context': 'Script', 'n': '1'}, properties={'AUC': '0.875', 'none': None})"
    )


def test_versions_count_up_for_each_name(run, workspace):
    made = [run.register_model(name, "other.txt") for name in ("a", "b", "a", "a")]

    assert [one.id for one in made] == ["a:1", "b:1", "a:2", "a:3"]
    assert [one.id for one in Model.list(workspace)] == ["a:3", "a:2", "b:1", "a:1"]
    assert [one.id for one in Model.list(workspace, latest=True)] == ["a:3", "b:1"]
    assert [one.id for one in Model.list(workspace, name="a")] == ["a:3", "a:2", "a:1"]
    assert Model(workspace, "a") == made[3] == Model(workspace, id="a:3")
    assert Model(workspace, "a", version=2) == Model(workspace, "a", version="2") == made[2]
    assert len({*made, Model(workspace, "a")}) == 4


def test_many_processes_never_share_a_version(run, workspace):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: run.register_model("m", "other.txt").version, range(24)))

    assert sorted(made) == list(range(1, 25))


def test_models_are_listed_by_what_is_written_on_them(run, workspace):
    run.register_model("a", "other.txt", tags={"k": "v"}, properties={"p": 1})
    run.register_model("b", "other.txt", tags={"k": "w"}, model_framework="Onnx")
    run.register_model("c", "other.txt")

    def ids(**wanted):
        return [one.id for one in Model.list(workspace, **wanted)]

    assert ids(tags=["k"]) == ids(tags="k") == ["b:1", "a:1"]
    assert ids(tags=[["k", "v"]]) == ids(tags={"k": "v"}) == ids(properties=["p"]) == ["a:1"]
    assert ids(tags=["k", ["k", "w"]]) == ids(model_framework="Onnx") == ["b:1"]
    assert ids(properties=[["p", 1]]) == ["a:1"]
    assert len(ids(run_id=run.id)) == 3
    assert ids(run_id="none") == ids(tags=["nope"]) == ids(name="n\0") == []
    assert Model(workspace, "a", tags=["k"], run_id=run.id).id == "a:1"
    with pytest.raises(ModelNotFoundError, match="no version of model 'a' has tags"):
        Model(workspace, "a", tags=[["k", "other"]])


def test_the_workspace_maps_names_to_the_newest(run, workspace):
    assert (dict(workspace.models), len(workspace.models)) == ({}, 0)
    for name in ("b", "a", "b"):
        run.register_model(name, "other.txt")

    assert list(workspace.models) == ["a", "b"]
    assert workspace.models["b"].version == 2
    assert [one.id for one in workspace.models.values()] == ["a:1", "b:2"]
    assert "a" in workspace.models
    assert workspace.models.get("none") is None
    assert repr(workspace.models).startswith("{'a': Model(")
    with pytest.raises(KeyError, match="no model 'none' in workspace 'w'"):
        workspace.models["none"]


def test_a_model_that_is_not_there_says_what_is(run, workspace):
    run.register_model("diabetes", "other.txt")
    with pytest.raises(
        ModelNotFoundError, match=r"ModelNotFound: no model 'diabets' .* 'diabetes'"
    ):
        Model(workspace, "diabets")
    with pytest.raises(ModelNotFoundError, match="'diabetes' has no version 7; it has 1"):
        Model(workspace, "diabetes", version=7)
    for wanted in ({}, {"name": ""}):
        with pytest.raises(UsageError, match="needs a name, or id='name:version'"):
            Model(workspace, **wanted)


@pytest.mark.parametrize("path", ["outputs/modl.pkl", "output", "outputs/model", None])
def test_a_missing_path_says_what_the_run_has(run, path):
    with pytest.raises(
        ArtifactNotFoundError,
        match=r"no file or folder '.*' to register as a model.* It has: other.txt, outputs/deep/a",
    ):
        run.register_model("nothing", path)


def test_a_run_without_files_says_so(workspace):
    run = Experiment(workspace, "empty").start_logging(outputs="none-yet")
    with pytest.raises(ArtifactNotFoundError, match=r"It has none yet: run.upload_file keeps one"):
        run.register_model("m", "outputs/m.pkl")


def test_without_a_path_the_name_is_one(run, workspace):
    assert run.register_model("other.txt")._record.path == "other.txt"


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("", InvalidNameError, "name of a model is empty"),
        ("a:1", InvalidNameError, "also names a folder"),
        ("../x", InvalidNameError, "also names a folder"),
        ("a\nb", InvalidNameError, "line break or control character"),
        ("x" * 256, InvalidNameError, "at most 255 are kept"),
        (None, InvalidNameError, "is text, not NoneType"),
    ],
)
def test_a_bad_name_is_told_by_its_rule(run, workspace, name, error, message):
    with pytest.raises(error, match=message):
        run.register_model(name, "other.txt")
    assert Model.list(workspace) == []


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "", "a\0b", "/"])
def test_a_path_cannot_leave_the_run(run, path):
    with pytest.raises(InvalidPathError, match="model_path"):
        run.register_model("m", path)


def test_what_an_inline_run_has_just_written_is_registered(workspace):
    run = Experiment(workspace, "e").start_logging()
    Path("outputs", "model.pkl").write_bytes(BOMB)
    model = run.register_model("m", "outputs/model.pkl")

    assert Path(model.download("got")).read_bytes() == BOMB
    assert not Path("exploded").exists()


def test_a_file_and_a_folder_are_copied_out(run, tmp_path):
    one = run.register_model("one", "outputs/model.pkl").download(target_dir="here/deep")
    many = run.register_model("many", "outputs/deep/").download(tmp_path / "there")

    assert Path(one) == Path("here/deep/model.pkl")
    assert Path(one).read_text() == "outputs/model.pkl"
    assert Path(many) == tmp_path / "there" / "deep"
    assert {p.relative_to(many).as_posix() for p in Path(many).rglob("*") if p.is_file()} == {
        "a", "b/c",
    }  # fmt: skip


def test_what_is_there_is_replaced_only_when_asked(run):
    model = run.register_model("m", "outputs/model.pkl")
    Path("model.pkl").write_text("mine")
    with pytest.raises(AlreadyExistsError, match=r"'model.pkl' exists; pass exist_ok=True"):
        model.download()
    assert Path("model.pkl").read_text() == "mine"
    assert model.download(exists_ok=True) == model.download(exist_ok=True) == "model.pkl"
    assert Path("model.pkl").read_text() == "outputs/model.pkl"


def test_damaged_bytes_are_not_given_out(run, workspace):
    model = run.register_model("m", "other.txt")
    [file] = model._record.files
    store = workspace.store
    [kept] = [one for one in Path(store.blobs.url).rglob("*") if one.name.endswith(file.digest[2:])]
    kept.chmod(0o600)
    kept.write_bytes(b"changed")

    with pytest.raises(StoreCorruptError, match=r"'other.txt' of model m:1 is damaged"):
        model.download("got")
    assert list(Path("got").iterdir()) == []


def test_a_model_outlives_its_run_and_its_experiment(run, workspace):
    model = run.register_model("m", "outputs/model.pkl")
    run.complete()
    Experiment.delete(workspace, run.experiment.id)

    assert Path(model.download("got")).read_text() == "outputs/model.pkl"
    assert (Model(workspace, "m").run_id, Model(workspace, "m").experiment_name) == (run.id, "e")
    with pytest.raises(RunNotFoundError, match=run.id):
        _ = model.run
    blobs = [one for one in Path(workspace.store.blobs.url).rglob("*") if one.is_file()]
    assert len(blobs) == 1  # those that no model has are gone


def test_a_file_that_is_replaced_later_stays_as_it_was_registered(run):
    model = run.register_model("m", "other.txt")
    run.upload_file("other.txt", io.BytesIO(b"newer"))

    assert Path(model.download("got")).read_text() == "other.txt"
    assert Path(run.register_model("m", "other.txt").download("newer")).read_text() == "newer"


def test_what_is_written_comes_back():
    wanted = ResourceConfiguration(cpu=0.5, memory_in_gb=2)
    found = ResourceConfiguration.deserialize(wanted.serialize())

    assert repr(found) == "ResourceConfiguration(cpu=0.5, memory_in_gb=2, gpu=None)"
    assert ResourceConfiguration.deserialize(None) is None


@pytest.mark.parametrize("cpu", [0, -1, "2", True, float("nan")])
def test_what_is_no_number_above_zero_is_refused(cpu):
    with pytest.raises(InvalidArgumentError, match="cpu of a ResourceConfiguration is a number"):
        ResourceConfiguration(cpu=cpu)
