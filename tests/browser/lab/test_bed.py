"""The test bed itself: JupyterLab starts, a notebook runs, the kernel answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.notebook import LOAD

if TYPE_CHECKING:
    from tests.browser.conftest import NotebookMaker


def test_a_cell_that_is_a_run_shows_its_panel(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, "%%aml_run shown\nrun.log('a', 1)\nsecret = 41 + 1").open()
    opened.run(0, 1)

    expect(opened.output(1)).to_contain_text("Completed")
    assert opened.value("secret") == 42
    assert opened.value("run.status") == "Completed"
    opened.save()
    assert "Completed" in str(opened.read().cells[1].outputs)
