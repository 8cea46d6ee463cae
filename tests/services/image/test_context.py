"""A build context holds all that an image needs, and nothing of this machine."""

from __future__ import annotations

import importlib.metadata
import json
import sys
from dataclasses import replace

import pytest

from aml_magics.errors import AlreadyExistsError, InvalidEnvironmentError, StoreCorruptError
from aml_magics.services.environment.lockfile import Lock
from aml_magics.services.image import context, packages

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def locks(monkeypatch):
    """The definitions that were locked; the lock is a text."""
    asked = []

    def lock_of(definition):
        asked.append(definition)
        return Lock("packaging==1 --hash=sha256:00\n", HERE, ("a note",))

    monkeypatch.setattr(context, "lock_of", lock_of)
    return asked


def test_context_holds_code_models_lock_and_our_part(store, deployment, locks, tmp_path):
    made = context.write(store, deployment, tmp_path / "context", "digits")

    folder = tmp_path / "context"
    assert made.files == (
        "Dockerfile", "azureml-app", "azureml-models", "packages", "replica.json", "requirements.lock",
    )  # fmt: skip
    assert made.notes == ("a note",)
    assert (folder / "azureml-models/digits/1/model.txt").read_bytes() == b"2"
    assert (folder / "azureml-app/sub/score.py").exists()
    assert (folder / "packages/aml_magics/compat/azureml/__init__.py").exists()
    orders = json.loads((folder / "replica.json").read_text())
    assert orders["model_dir"] == "azureml-models/digits/1"
    assert orders["entry_script"] == "sub/score.py"
    assert orders["variables"] == {"A": 'b "c"'}
    for file in folder.glob("*.*"):
        assert str(tmp_path) not in file.read_text(encoding="utf-8")
    assert locks[0]["python"]["condaDependencies"]["dependencies"][0] == f"python={HERE}"


def test_dockerfile_runs_the_server_without_rights_and_is_checked(
    store, deployment, locks, tmp_path
):
    steps = {"dockerSteps": "RUN apt-get update\n", "baseImage": "host/base:1"}
    context.write(store, replace(deployment, requested=steps), tmp_path / "one", "digits")
    context.write(store, deployment, tmp_path / "two", "digits")

    text = (tmp_path / "one/Dockerfile").read_text()
    assert text.startswith("FROM host/base:1\n")
    lines = text.splitlines()
    assert lines.index("RUN apt-get update") < lines.index("USER aml")
    assert "HEALTHCHECK" in text
    assert "--require-hashes" in text
    assert 'A="b \\"c\\""' in text
    assert (tmp_path / "two/Dockerfile").read_text().startswith(f"FROM python:{HERE}-slim\n")


def test_context_is_not_written_over_something(store, deployment, locks, tmp_path):
    (tmp_path / "mine").write_text("kept")

    with pytest.raises(AlreadyExistsError, match="empty folder"):
        context.write(store, deployment, tmp_path, "digits")
    assert [one.name for one in tmp_path.iterdir() if one.name == "mine"]


def test_changed_model_is_not_packaged(store, deployment, model, locks, tmp_path):
    stored = next(store.folder.rglob(f"*{model.files[0].digest[2:]}*"))
    stored.chmod(0o600)
    stored.write_bytes(b"3")

    with pytest.raises(StoreCorruptError):
        context.write(store, deployment, tmp_path / "context", "digits")


def test_without_an_environment_the_imports_are_pinned_as_installed(store, deployment):
    found = packages.environment_of(store, deployment)

    pins = found["python"]["condaDependencies"]["dependencies"][1]["pip"]
    assert pins == [f"packaging=={importlib.metadata.version('packaging')}"]


def test_environment_that_the_user_manages_has_no_lock(store, deployment, tmp_path):
    own = {"name": "mine", "python": {"userManagedDependencies": True}}

    with pytest.raises(InvalidEnvironmentError, match="name its packages"):
        context.write(store, replace(deployment, environment=own), tmp_path / "context", "digits")
