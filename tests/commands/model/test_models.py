from __future__ import annotations

import pytest

from aml_magics.commands._base import COMMANDS
from aml_magics.errors import InvalidFilterError
from aml_magics.services.model.registration import Registration, register_local_files
from aml_magics.views.model.output import MODELS


@pytest.fixture
def two(workspace, tmp_path):
    (tmp_path / "m.bin").write_bytes(b"m")
    for tag in ("a", "b"):
        register_local_files(
            workspace.store, tmp_path / "m.bin", Registration("digits", tags={"t": tag})
        )


def test_models_are_listed_as_a_screen_and_as_a_frame(ask, workspace, two):
    answer = ask(workspace, "models")

    assert list(answer.bundle) == [MODELS, "text/html", "text/plain"]
    assert list(answer.value[["name", "version"]].itertuples(index=False, name=None)) == [
        ("digits", 2)
    ]
    assert "digits" in answer.text


def test_words_and_filters_restrict_and_a_name_lists_versions(ask, workspace, two):
    assert len(ask(workspace, "models", "nothing").value) == 0
    assert len(ask(workspace, "models", "--name", "digits").value) == 2
    found = ask(workspace, "models", "tags.t", "=", "'a'", "--name", "digits")
    assert list(found.value["version"]) == [1]
    with pytest.raises(InvalidFilterError, match="no field 'verson'"):
        ask(workspace, "models", "verson = 1")
    assert "digits" in COMMANDS.load("models")().suggest(workspace, "query")
