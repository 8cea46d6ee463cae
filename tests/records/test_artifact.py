"""Names of files stay below their root, on every system."""

from __future__ import annotations

import pytest

from aml_magics.errors import InvalidPathError
from aml_magics.records.artifact import MAX_NAME, check_artifact_name


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("a", "a"),
        ("outputs/model.pkl", "outputs/model.pkl"),
        ("././a", "a"),
        ("...", "..."),
        ("a/..b/c..", "a/..b/c.."),
        ("sub/-x", "sub/-x"),
        ("console", "console"),
        ("é" * 127, "é" * 127),
        ("%2e%2e/x", "%2e%2e/x"),
    ],
)
def test_relative_path_is_a_name(name, clean):
    assert check_artifact_name(name) == clean


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("./", "names no file"),
        ("/".join(["x" * 100] * 11), f"is longer than {MAX_NAME} characters"),
        ("x" * 256, "has a part of over 255 bytes"),
        ("é" * 128, "has a part of over 255 bytes"),
        ("/a", "is absolute"),
        ("./" + "/a", "is absolute"),
        ("a\\b", "has a backslash"),
        ("C:a", "starts with a drive letter"),
        ("a/../b", "climbs out with '..'"),
        ("..", "climbs out with '..'"),
        ("a//b", "has an empty part"),
        ("a/./b", "has an empty part"),
        ("a/", "has an empty part"),
        ("a\0", "has a control character"),
        ("a\nb", "has a control character"),
        ("\ud800", "has a control character"),
        ("con", "is the name of a Windows device"),
        ("x/COM1.txt", "is the name of a Windows device"),
        ("-rf", "starts with '-'"),
    ],
)
def test_refusal_names_the_field_and_the_problem(name, problem):
    with pytest.raises(InvalidPathError, match="give a relative path such as") as caught:
        check_artifact_name(name, "prefix")
    assert str(caught.value).startswith("prefix ")
    assert problem in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("name", ["", None, 5, b"a"])
def test_what_is_no_text_is_no_path(name):
    with pytest.raises(InvalidPathError, match=r"name must be a relative path such as .*, not "):
        check_artifact_name(name)
