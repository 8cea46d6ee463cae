"""How tables and comparisons are shown stays with the notebook: after a save, and after a reload without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.notebook import LOAD
from tests.browser.screens import CompareScreen, TableScreen
from tests.browser.training import make_run

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import NotebookMaker
    from tests.browser.notebook import Notebook

TABLE = "application/vnd.aml-magics.run-table+json"
COMPARE = "application/vnd.aml-magics.compare+json"


def _shown(notebook: NotebookMaker) -> Notebook:
    opened = notebook()
    for name, rate in (("ann", 0.1), ("bob", 0.3), ("cid", 0.2)):
        make_run(opened.file.stem, name, lr=rate, depth=1)
    query = f"--experiment {opened.file.stem}"
    return opened.write([LOAD, f"%aml runs {query}", f"%aml compare {query}"]).open().run(0, 1, 2)


def _is_dirty(page: Page) -> None:
    """Wait until the notebook has something to save."""
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.context.model.dirty === true"
    )


def _forget_what_the_browser_keeps(page: Page) -> None:
    page.evaluate(
        "() => Object.keys(localStorage).filter(key => key.startsWith('aml-magics:'))"
        ".forEach(key => localStorage.removeItem(key))"
    )


def _expect_chosen(opened: Notebook) -> None:
    table = TableScreen(opened.output(1))
    expect(table.head("lr")).to_have_attribute("aria-sort", "ascending")
    expect(table.rows).to_have_count(2)
    expect(table.filter).to_have_value("params.lr < 0.25")
    expect(table.head("Duration")).to_have_count(0)
    assert table.names() == ["ann", "cid"]
    compare = CompareScreen(opened.output(2))
    expect(compare.root.get_by_role("tab", name="Curves")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(compare.root.get_by_label("x axis")).to_have_value("time")
    expect(compare.root.get_by_label("log y")).to_be_checked()


def _choose(opened: Notebook) -> None:
    table = TableScreen(opened.output(1))
    table.head("lr").click()
    expect(table.head("lr")).to_have_attribute("aria-sort", "ascending")
    table.head("Duration").click(button="right")
    table.root.get_by_role("menuitem", name="Hide").click()
    table.filter.fill("params.lr < 0.25")
    expect(table.rows).to_have_count(2)
    compare = CompareScreen(opened.output(2))
    compare.tab("Curves")
    compare.root.get_by_label("x axis").select_option("time")
    compare.root.get_by_label("log y").check()


def _is_noted(opened: Notebook, text: str) -> None:
    """Wait until the model of the notebook holds a text."""
    opened.page.wait_for_function(
        "text => JSON.stringify(window.jupyterapp.shell.currentWidget.context.model.toJSON()).includes(text)",
        arg=text,
    )


def test_what_was_chosen_is_in_the_notebook_once_it_was_saved(
    notebook: NotebookMaker, page: Page
) -> None:
    opened = _shown(notebook).save()
    _choose(opened)
    _is_noted(opened, "params.lr < 0.25")
    _is_noted(opened, '"isLog":true')
    _is_dirty(page)
    opened.save()
    kept = opened.read().cells[1].outputs[0].metadata[TABLE]["view"]
    assert kept["view"]["shown"] == {"elapsed": False}
    assert opened.read().cells[2].outputs[0].metadata[COMPARE]["view"]["version"] == 1

    _forget_what_the_browser_keeps(page)
    opened.reload()
    _expect_chosen(opened)


def test_what_was_chosen_is_there_after_a_reload_that_saved_nothing(
    notebook: NotebookMaker, page: Page
) -> None:
    opened = _shown(notebook).save()
    table = TableScreen(opened.output(1))
    table.head("lr").click()
    _is_noted(opened, '"column":"params.lr"')
    opened.save()
    table.head("lr").click()
    table.head("lr").click()
    expect(table.head("lr")).not_to_have_attribute("aria-sort", "descending")
    _choose(opened)
    _is_noted(opened, "params.lr < 0.25")
    _is_noted(opened, '"isLog":true')
    _forget_what_the_browser_keeps(page)
    page.on("dialog", lambda dialog: dialog.accept())
    opened.reload()

    _expect_chosen(opened)
    _is_dirty(page)
    opened.save().reload()
    _expect_chosen(opened)


def test_a_view_of_a_newer_or_hostile_form_leaves_the_table_as_it_is(
    notebook: NotebookMaker,
) -> None:
    opened = _shown(notebook).save()
    content = opened.read()
    content.cells[1].outputs[0].metadata[TABLE] = {"view": {"version": 99, "view": {}}}
    hostile = {"tab": ["x"], "curves": 7, "ranges": {"__proto__": [1]}, "axes": {"length": 9}}
    content.cells[2].outputs[0].metadata[COMPARE] = {"view": {"version": 1, "view": hostile}}
    opened.put(content).open()

    table = TableScreen(opened.output(1))
    expect(table.rows).to_have_count(3)
    expect(table.root.get_by_role("status").filter(has_text="newer version")).to_be_visible()
    compare = CompareScreen(opened.output(2))
    expect(compare.runs).to_have_count(3)
    expect(compare.root.get_by_role("status").filter(has_text="cannot be read")).to_be_visible()


def test_all_runs_that_a_filter_finds_are_compared(notebook: NotebookMaker, page: Page) -> None:
    opened = _shown(notebook)
    table = TableScreen(opened.output(1))
    table.filter.fill("params.lr < 0.25")
    expect(table.rows).to_have_count(2)
    table.button("Compare all 2").click()

    compare = CompareScreen(page.locator(".aml-lab-screen"))
    expect(compare.runs).to_have_count(2)
    make_run(opened.file.stem, "dan", lr=0.05, depth=1)  # it meets the filter, too
    expect(compare.runs).to_have_count(3)


def test_how_a_widget_in_a_box_is_shown_is_kept_by_the_kernel(notebook: NotebookMaker) -> None:
    opened = notebook()
    make_run(opened.file.stem, "ann", lr=0.1)
    make_run(opened.file.stem, "bob", lr=0.3)
    code = (
        "import ipywidgets\nfrom aml_magics.widgets import RunTable\n"
        f"table = RunTable(experiment={opened.file.stem!r})\nipywidgets.VBox([table])"
    )
    opened.write([LOAD, code, "ipywidgets.VBox([table])"]).open().run(0, 1)
    table = TableScreen(opened.output(1))
    table.head("lr").click()
    opened.expect_value(
        "[one['view']['sort']['column'] for one in table._views.values()]", ["params.lr"]
    )
    _forget_what_the_browser_keeps(opened.page)
    opened.run(2)
    again = TableScreen(opened.output(2))
    expect(again.head("lr")).to_have_attribute("aria-sort", "ascending")
