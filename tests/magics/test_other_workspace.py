"""A workspace that a notebook holds by hand is not that of its magics, and it is told so once."""

from __future__ import annotations

import pytest

from aml_magics import Workspace


@pytest.fixture
def in_folder(shell, tmp_path, monkeypatch):
    """A shell with the extension in a folder whose workspace is `lab`; there is `other`, too."""
    monkeypatch.chdir(tmp_path)
    Workspace.create("other")
    Workspace.create("lab").write_config()
    shell.run_line_magic("load_ext", "aml_magics")
    yield shell
    shell.run_line_magic("unload_ext", "aml_magics")


@pytest.mark.parametrize("line", ["rows = %aml runs", "%%aml_run --quiet\npass"])
def test_a_notebook_with_another_workspace_is_told_whose_its_magics_are(in_folder, capsys, line):
    in_folder.run_cell("from aml_magics import Workspace\nws = Workspace.get('other')")
    for told in (1, 0):
        in_folder.run_cell(line)
        said = capsys.readouterr().err
        assert said.count("about workspace 'lab', that of this folder") == told

    in_folder.run_cell("ws.write_config()\nnow = %aml workspace")
    assert in_folder.user_ns["now"].name == "other"


def test_a_notebook_that_has_the_workspace_of_its_magics_is_told_nothing(in_folder, capsys):
    in_folder.run_cell("%aml runs;")
    in_folder.run_cell("from aml_magics import Workspace\nws = Workspace.get('lab')")
    in_folder.run_cell("more = Workspace.get('other')\n%aml runs;")
    assert "about workspace" not in capsys.readouterr().err
