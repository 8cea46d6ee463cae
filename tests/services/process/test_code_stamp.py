"""The version stamp of the installed package."""

from __future__ import annotations

from aml_magics.services.process import code_stamp


def test_stamp_changes_with_the_package_and_is_none_while_that_is_away(tmp_path, monkeypatch):
    file = tmp_path / "__init__.py"
    monkeypatch.setattr(code_stamp, "_PACKAGE", file)
    assert code_stamp.code_stamp() is None
    file.write_text("")
    before = code_stamp.code_stamp()
    other = tmp_path / "other.py"
    other.write_text("new")
    other.replace(file)
    assert code_stamp.code_stamp() not in (before, None)
