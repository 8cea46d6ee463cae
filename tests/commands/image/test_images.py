from __future__ import annotations

from tests.fixtures.images import put_image


def test_images_are_listed(ask, workspace):
    put_image(workspace.store)
    put_image(workspace.store)

    answer = ask(workspace, "images")

    assert "digits:1" in answer.text
    assert "score.py" in answer.html
    assert answer.value["version"].tolist() == [2, 1]
    assert answer.value["size"].tolist() == [answer.value["size"][0]] * 2
    assert str(answer.value["created"].dtype) == "datetime64[us, UTC]"


def test_without_images_the_table_says_how_to_make_one(ask, workspace):
    answer = ask(workspace, "images")

    assert "Image.create(workspace, name, models" in answer.text
    assert len(answer.value) == 0
