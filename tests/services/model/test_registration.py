"""Files become models, on both kinds of catalogue."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from aml_magics.errors import (
    ArtifactNotFoundError,
    InvalidNameError,
    InvalidPathError,
    ModelNotFoundError,
    StoreCorruptError,
)
from aml_magics.records.model import ModelDataset, ModelFile
from aml_magics.services.model import registry
from aml_magics.services.model.files import download, unpacked
from aml_magics.services.model.registration import (
    Registration,
    register_kept_files,
    register_local_files,
    register_run_files,
)
from aml_magics.services.run import experiment, run


@pytest.fixture
def folder(tmp_path):
    """Three files, one of them deeper, and one that is hidden."""
    root = tmp_path / "mine"
    (root / "deep").mkdir(parents=True)
    for name in ("a.pkl", "b.txt", "deep/c.pkl", ".hidden"):
        (root / name).write_text(name)
    return root


def test_a_registration_is_kept_and_found(store, record):
    wanted = Registration("m", {"t": 1.5}, {"p": True}, "a\0b", resources={"cpu": 1})
    made = register_run_files(store, record, "./outputs/m.pkl", wanted)

    assert (made.path, made.tags, made.properties) == ("outputs/m.pkl", {"t": "1.5"}, {"p": "True"})
    assert (made.description, made.resources) == ("ab", {"cpu": 1})
    assert [(one.name, one.size) for one in made.files] == [("outputs/m.pkl", 5)]
    assert registry.get(store, " m ") == registry.get(store, "m", "1") == made
    assert registry.names(store) == ["m"]


def test_a_commit_that_was_not_answered_makes_no_second_version(store, record, monkeypatch):
    real = store.catalogue.transact

    def twice(work, **more):
        real(work, **more)
        return real(work, **more)

    monkeypatch.setattr(store.catalogue, "transact", twice)
    made = register_run_files(store, record, "shared", Registration("m"))
    monkeypatch.undo()

    assert made.version == 1
    assert registry.list_models(store) == [made]


def test_files_that_are_gone_are_not_registered(store, record):
    run.complete(store, record)
    experiment.delete(store, experiment.get(store, "e"))

    with pytest.raises(ArtifactNotFoundError, match="no file or folder 'shared'"):
        register_run_files(store, record, "shared", Registration("m"))
    with pytest.raises(ModelNotFoundError, match=r"no model 'm' in workspace 'test'"):
        registry.get(store, "m")


def test_deleting_the_experiment_leaves_what_models_have(store, record, tmp_path):
    made = register_run_files(store, record, "outputs/m.pkl", Registration("m"))
    run.complete(store, record)
    experiment.delete(store, experiment.get(store, "e"))

    assert download(store, made, tmp_path).read_bytes() == b"model"
    with pytest.raises(ArtifactNotFoundError):
        store.blobs.open(_digest(b"x"))


def test_a_damaged_model_is_not_copied(store, record, tmp_path):
    made = register_run_files(store, record, "outputs/m.pkl", Registration("m"))
    store.blobs.local_path(_digest(b"model")).write_bytes(b"mudel")
    for copy in (download, unpacked):
        with pytest.raises(
            StoreCorruptError, match=r"File 'outputs/m\.pkl' of model m:1 is damaged"
        ):
            copy(store, made, tmp_path)
    assert not list(tmp_path.rglob("m.pkl"))


def test_registering_the_bytes_again_heals_a_damaged_model(store, record, tmp_path):
    made = register_run_files(store, record, "outputs/m.pkl", Registration("m"))
    store.blobs.local_path(_digest(b"model")).write_bytes(b"")
    (tmp_path / "n.pkl").write_bytes(b"model")

    register_local_files(store, tmp_path / "n.pkl", Registration("n"))

    assert download(store, made, tmp_path).read_bytes() == b"model"


@pytest.mark.parametrize(
    ("path", "children", "kept", "names"),
    [
        ("mine/a.pkl", None, "a.pkl", ["a.pkl"]),
        ("mine", None, "mine", ["mine/.hidden", "mine/a.pkl", "mine/b.txt", "mine/deep/c.pkl"]),
        ("mine/", ["b.txt", "./deep/"], "mine", ["mine/b.txt", "mine/deep/c.pkl"]),
        ("mine", ["*.pkl"], "mine", ["mine/a.pkl"]),
        ("mine/*.pkl", None, "mine", ["mine/a.pkl"]),
        ("mine/**/*.pkl", None, "mine", ["mine/a.pkl", "mine/deep/c.pkl"]),
        ("mine/d*", None, "mine", ["mine/deep/c.pkl"]),
        ("m*/a.pkl", None, "m", ["m/mine/a.pkl"]),
    ],
)
def test_a_file_a_folder_parts_of_it_and_a_pattern_are_registered(
    store, folder, monkeypatch, path, children, kept, names
):
    monkeypatch.chdir(folder.parent)

    made = register_local_files(store, path, Registration("m"), children=children)

    assert made.path == kept
    assert sorted(one.name for one in made.files) == names
    assert (made.run_id, made.experiment) == ("", "")
    place = unpacked(store, made, folder.parent / "copy")
    texts = {one.read_text() for one in [place, *place.rglob("*")] if one.is_file()}
    assert texts == {name.removeprefix("m/").removeprefix("mine/") for name in names}


def test_what_is_no_file_is_refused_by_name(store, folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    (folder.parent / "empty").mkdir()
    os.mkfifo(folder / "pipe")
    for path, children, error, words in (
        ("nothing.pkl", None, ArtifactNotFoundError, "'nothing.pkl' is no file, folder or pattern"),
        ("*.onnx", None, ArtifactNotFoundError, r"'\*.onnx' is no file"),
        ("", None, ArtifactNotFoundError, "'' is no file"),
        ("x" * 5_000, None, ArtifactNotFoundError, "is no file"),
        ("a\0b", None, ArtifactNotFoundError, "is no file"),
        ("empty", None, ArtifactNotFoundError, "folder 'empty' has no file"),
        ("mine", ["c.pkl"], ArtifactNotFoundError, "has no 'c.pkl' of child_paths"),
        ("mine", ["../a"], InvalidPathError, "climbs out"),
        ("mine/a.pkl", ["a.pkl"], InvalidPathError, "model_path 'mine/a.pkl' is a file"),
        ("mine", None, InvalidPathError, "'mine/pipe' is no ordinary file"),
    ):
        with pytest.raises(error, match=words):
            register_local_files(store, path, Registration("m"), children=children)
    assert registry.list_registered(store) == []


def test_a_link_is_followed_inside_of_the_folder_and_refused_where_it_leads_out(
    store, folder, tmp_path
):
    (folder / "inside").symlink_to("a.pkl")
    (folder / "also").symlink_to("deep")
    made = register_local_files(store, folder, Registration("m"))
    assert "mine/inside" in {one.name for one in made.files}
    assert not any("also" in one.name for one in made.files)

    (tmp_path / "secret").write_text("secret")
    (folder / "out").symlink_to(tmp_path / "secret")
    with pytest.raises(InvalidPathError, match=r"mine/out' is a link that leads out of .*cp -rL"):
        register_local_files(store, folder, Registration("m"))


def test_a_bad_name_is_said_before_anything_is_copied(store, folder):
    for name in ("a/b", "..", "", "x" * 300, "a\nb"):
        with pytest.raises(InvalidNameError):
            register_local_files(store, folder, Registration(name))
    assert not any(path.is_file() for path in store.folder.joinpath("artifacts").rglob("*"))


def test_eight_that_register_at_once_get_eight_versions(store, folder):
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(
                lambda n: register_local_files(
                    store, folder / "a.pkl", Registration("m", tags={"n": n})
                ),
                range(8),
            )
        )
    assert sorted(one.version for one in made) == list(range(1, 9))
    assert len({one.tags["n"] for one in registry.list_models(store, "m")}) == 8


def test_bytes_that_are_kept_are_registered_with_datasets_and_source(store, record):
    file = ModelFile("model/m.pkl", _digest(b"model"), 5)
    wanted = Registration(
        "m",
        source="runs:/r/model",
        datasets=[ModelDataset("training", "id-1")],
        sample_input="id-2",
    )
    made = register_kept_files(store, "model", [file], wanted, record)

    assert (made.run_id, made.experiment, made.source) == (record.id, "e", "runs:/r/model")
    assert registry.list_models(store, dataset_id="id-1") == [made]
    assert registry.list_models(store, dataset_id="id-2") == []
    assert registry.list_models(store, run_id=record.id) == [made]


def test_a_copy_that_was_changed_is_made_anew(store, record, tmp_path):
    made = register_run_files(store, record, "outputs", Registration("m"))
    place = unpacked(store, made, tmp_path)
    assert place == tmp_path / "m" / "1" / "outputs"
    (place / "m.pkl").write_bytes(b"mudel")
    (place / "x").unlink()
    (place / "x").symlink_to("m.pkl")

    assert unpacked(store, made, tmp_path) == place

    assert (place / "m.pkl").read_bytes() == b"model"
    assert (place / "x").read_bytes() == b"x"
    assert not (place / "x").is_symlink()


def _digest(data):
    return hashlib.sha256(data).hexdigest()
