"""Modules beside a notebook that a cell needs."""

from __future__ import annotations

import json

import pytest

from aml_magics.errors import UsageError
from aml_magics.magics.pipeline.local_module import copy_along, local_modules


def test_modules_are_found_through_each_other_and_packages_are_copied_whole(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "helped" / "inner").mkdir(parents=True)
    there.mkdir()
    (here / "helped" / "__init__.py").write_text("from . import inner\nimport helper, json")
    (here / "helped" / "inner" / "more.py").write_text("import helped")
    (here / "helper.py").write_text("this is no Python")
    (here / "data").mkdir()
    (here / "data" / "a.csv").write_text("1")
    (here / "unused.py").write_text("")
    found = local_modules("import helped.inner, data\nfrom os import path", [json, 3], here)
    assert sorted(found) == ["helped", "helper.py"]
    copy_along(found, there)
    assert (there / "helped" / "inner" / "more.py").is_file()
    assert (there / "helper.py").is_file()


def test_what_is_gone_since_is_said(tmp_path):
    with pytest.raises(
        UsageError, match=r"'a\.csv' was to go along with a step and cannot be read any more"
    ):
        copy_along({"a.csv": tmp_path / "a.csv"}, tmp_path / "there")
