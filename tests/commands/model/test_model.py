from __future__ import annotations

from pathlib import Path

import pytest

from aml_magics.commands._base import COMMANDS
from aml_magics.errors import ModelNotFoundError, UsageError
from aml_magics.sdk.model.model import Model
from aml_magics.services.model.registration import Registration, register_local_files
from aml_magics.views.model.output import MODEL


@pytest.fixture
def model(ask, workspace, tmp_path):
    """Two versions of `digits`, and a way to ask about them."""
    for content in (b"one", b"two"):
        (tmp_path / "m.bin").write_bytes(content)
        register_local_files(workspace.store, tmp_path / "m.bin", Registration("digits"))
    return lambda *words: ask(workspace, "model", *words)


def test_a_version_is_shown_and_its_handle_is_the_value(model):
    answer = model("digits:1")

    assert list(answer.bundle) == [MODEL, "text/html", "text/plain"]
    assert answer.value.id == "digits:1"
    assert "m.bin" in answer.text
    assert model("digits").value.version == 2
    with pytest.raises(ModelNotFoundError):
        model("digit")


def test_aliases_and_stages_are_set(model):
    assert "is digits@best now" in model("digits:1", "alias", "best").text
    assert model("digits@best").value.version == 1
    assert "not digits@best any more" in model("digits:1", "unalias", "@best").text
    with pytest.raises(UsageError, match="has no alias 'best'; it has none"):
        model("digits:1", "unalias", "best")
    assert model("digits:1", "stage", "production").value.stage == "Production"
    with pytest.raises(UsageError, match="MODEL alias NAME`, and 0 words came"):
        model("digits:1", "alias")


def test_notes_and_tags_are_shown_and_changed(model):
    assert "has no notes" in model("digits", "note").text
    assert model("digits", "note", "all", "of", "2024").value.description == "all of 2024"
    assert model("digits", "tag", "team=blue").value.tags == {"team": "blue"}
    assert "has the tags team=blue" in model("digits", "tag").text
    assert model("digits", "untag", "team").value.tags == {}
    with pytest.raises(UsageError, match="has none, and not 'team'"):
        model("digits", "untag", "team")


def test_versions_are_compared_copied_and_deleted(model, tmp_path):
    assert "m.bin" in model("digits:1", "diff", "digits:2").text
    with pytest.raises(UsageError, match="compared with itself"):
        model("digits", "diff", "digits:2")
    assert [one.version for one in model("digits", "versions").value] == [2, 1]
    path = model("digits:1", "download", str(tmp_path / "here")).value
    assert Path(path).read_bytes() == b"one"
    assert "its number is not used again" in model("digits:2", "delete").text
    assert model("digits").value.version == 1


def test_live_values_are_suggested(model, workspace):
    model("digits:1", "alias", "best")
    command = COMMANDS.load("model")()

    assert command.suggest(workspace, "model") == ["digits", "digits@best", "digits:2"]
    assert "Production" in command.suggest(workspace, "words")
    assert command.suggest(workspace, "verb") == []


def test_a_handle_and_the_models_of_a_workspace_show_themselves(model, workspace):
    bundle = Model(workspace, "digits")._repr_mimebundle_()
    assert bundle is not None
    assert list(bundle) == [MODEL, "text/html"]
    listed = workspace.models._repr_mimebundle_()
    assert listed is not None
    assert "digits" in listed["text/html"]
