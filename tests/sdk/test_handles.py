"""The registry of the SDK's types."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from aml_magics.sdk import handles

TREE = ast.parse(Path(handles.__file__).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", handles.HOMES)
def test_a_name_is_the_class_of_that_name(name):
    assert getattr(handles, name).__name__ == name


def test_mypy_knows_the_same_names_at_the_same_homes():
    named = {
        alias.name: (node.module or "").removeprefix("aml_magics.sdk.")
        for node in ast.walk(TREE)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aml_magics.sdk")
        for alias in node.names
    }
    assert named == handles.HOMES


def test_another_name_is_no_attribute():
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = handles.Nothing
