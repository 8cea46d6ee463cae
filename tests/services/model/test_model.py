"""Models of a workspace, on both kinds of catalogue."""

from __future__ import annotations

import hashlib
import io

import pytest

from aml_magics.errors import ArtifactNotFoundError, ModelNotFoundError, StoreCorruptError
from aml_magics.services.model import model
from aml_magics.services.model.model import Registration
from aml_magics.services.run import artifact, experiment, run


@pytest.fixture
def record(store):
    made = run.start(store, "e")
    artifact.add_file(store, made, "outputs/m.pkl", io.BytesIO(b"model"))
    artifact.add_file(store, made, "shared", io.BytesIO(b"model"))
    artifact.add_file(store, made, "outputs/x", io.BytesIO(b"x"))
    return made


def test_a_registration_is_kept_and_found(store, record):
    made = model.register(
        store, record, Registration("m", "./outputs/m.pkl", {"t": 1.5}, {"p": True}, "a\0b")
    )

    assert (made.path, made.tags, made.properties) == ("outputs/m.pkl", {"t": "1.5"}, {"p": "True"})
    assert made.description == "ab"
    assert [(one.name, one.size) for one in made.files] == [("outputs/m.pkl", 5)]
    assert model.get(store, " m ") == model.get(store, "m", "1") == made
    assert model.names(store) == ["m"]


def test_a_commit_that_was_not_answered_makes_no_second_version(store, record, monkeypatch):
    real = store.catalogue.transact

    def twice(work, **more):
        real(work, **more)
        return real(work, **more)

    monkeypatch.setattr(store.catalogue, "transact", twice)
    made = model.register(store, record, Registration("m", "shared"))
    monkeypatch.undo()

    assert made.version == 1
    assert model.list_models(store) == [made]


def test_files_that_are_gone_are_not_registered(store, record):
    run.complete(store, record)
    experiment.delete(store, experiment.get(store, "e"))

    with pytest.raises(ArtifactNotFoundError, match="no file or folder 'shared'"):
        model.register(store, record, Registration("m", "shared"))
    with pytest.raises(ModelNotFoundError, match=r"no model 'm' in workspace 'test'"):
        model.get(store, "m")


def test_deleting_the_experiment_leaves_what_models_have(store, record, tmp_path):
    made = model.register(store, record, Registration("m", "outputs/m.pkl"))
    run.complete(store, record)
    experiment.delete(store, experiment.get(store, "e"))

    assert model.download(store, made, tmp_path).read_bytes() == b"model"
    with pytest.raises(ArtifactNotFoundError):
        store.blobs.open(_digest(b"x"))


def test_a_damaged_model_is_not_copied(store, record, tmp_path):
    made = model.register(store, record, Registration("m", "outputs/m.pkl"))
    store.blobs.local_path(_digest(b"model")).write_bytes(b"mudel")
    with pytest.raises(StoreCorruptError, match=r"File 'outputs/m\.pkl' of model m:1 is damaged"):
        model.download(store, made, tmp_path)
    assert not (tmp_path / "m.pkl").exists()


def _digest(data):

    return hashlib.sha256(data).hexdigest()
