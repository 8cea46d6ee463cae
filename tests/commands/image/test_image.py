from __future__ import annotations

import pytest

from aml_magics.commands.image.image import ImageCommand
from aml_magics.errors import ImageNotFoundError, UsageError
from tests.fixtures.images import put_image


def test_an_image_is_shown_with_its_dockerfile_and_how_it_is_built(ask, workspace):
    put_image(workspace.store)

    answer = ask(workspace, "image", "digits-image")

    assert answer.value.id == "digits-image:1"
    for words in (
        "FROM python:3",
        "aml-magics image digits-image:1 save context",
        "build --tag digits-image:1 context",
        "run --publish 5001:5001 digits-image:1",
    ):
        assert words in answer.text
        assert words in answer.html
    assert ImageCommand().suggest(workspace, "image") == ["digits-image"]


def test_what_builds_it_is_written_into_a_folder(ask, workspace, tmp_path, monkeypatch):
    put_image(workspace.store)
    monkeypatch.chdir(tmp_path)

    answer = ask(workspace, "image", "digits-image:1", "save", "context")

    assert answer.value == "context"
    text = (tmp_path / "context/Dockerfile").read_text()
    shown = ask(workspace, "image", "digits-image").text
    assert all(line in shown for line in text.splitlines())
    assert (tmp_path / "context/azureml-models/digits/1/model.txt").read_bytes() == b"2"


def test_only_what_is_there_and_said_in_full_is_done(ask, workspace):
    put_image(workspace.store)

    with pytest.raises(UsageError, match="save needs a folder"):
        ask(workspace, "image", "digits-image", "save")
    with pytest.raises(UsageError, match="only save takes a folder"):
        ask(workspace, "image", "digits-image", "delete", "x")
    with pytest.raises(ImageNotFoundError, match="Did you mean 'digits-image'"):
        ask(workspace, "image", "digit-image")
    assert "is deleted" in ask(workspace, "image", "digits-image", "delete").text
    with pytest.raises(ImageNotFoundError, match="no image 'digits-image'"):
        ask(workspace, "image", "digits-image")
