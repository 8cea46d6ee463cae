"""Notebook 7: screens open below the notebook, the panel of runs at its side, and both outlive a reload."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from aml_magics import Experiment
from tests.browser.notebook import LOAD
from tests.browser.screens import CompareScreen, RunScreen, TableScreen
from tests.browser.training import LIVE, make_run, workspace

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import NotebookMaker
    from tests.browser.notebook import Notebook

PANEL = "#aml-magics-panel"
BELOW = "#jp-down-stack"


def _opened(notebook: NotebookMaker, *cells: str) -> Notebook:
    return notebook(LOAD, *cells).open(app="notebook").run(0)


def _front(page: Page) -> Locator:
    """The screen that is in front below the notebook."""
    return page.locator(f"{BELOW} .aml-lab-screen:visible")


def _tab(page: Page, name: str) -> Locator:
    return page.locator(f"{BELOW} .lm-TabBar-tab", has_text=name)


def _call(page: Page, name: str, label: str) -> None:
    """Choose a command from the palette."""
    page.keyboard.press("Control+Shift+C")
    page.locator("#modal-command-palette").wait_for()
    page.keyboard.type(name)
    page.locator(".lm-CommandPalette-item", has_text=label).first.click()


def test_a_run_opens_below_the_notebook_and_is_there_after_a_reload(
    notebook: NotebookMaker, page: Page
) -> None:
    opened = _opened(notebook, LIVE).start(1)
    panel = RunScreen(opened.output(1))
    panel.expect_points("loss", r"\d{2,}")
    panel.root.get_by_role("button", name="Open", exact=True).click()
    below = RunScreen(_front(page))
    expect(below.name).to_have_text("live")
    below.expect_points("loss", r"\d{2,}")
    box = _front(page).bounding_box()
    assert box is not None
    assert box["width"] > 1_000
    assert box["height"] > 250
    expect(panel.status).to_be_visible()
    opened.let_go()
    expect(below.status).to_contain_text("Completed")

    opened.wait_until_idle().save().reload()
    expect(RunScreen(_front(page)).name).to_have_text("live")
    RunScreen(_front(page)).expect_points("loss", r"\d{2,}")
    _tab(page, "live").locator(".lm-TabBar-tabCloseIcon").click()
    expect(page.locator(BELOW)).to_be_hidden()
    opened.reload()
    expect(RunScreen(opened.output(1)).status).to_contain_text("Completed")
    expect(page.locator(".aml-lab-screen")).to_have_count(0)


def test_a_comparison_and_its_runs_are_tabs_below(notebook: NotebookMaker, page: Page) -> None:
    opened = notebook()
    for name in ("ann", "bobby"):
        make_run(opened.file.stem, name, lr=0.1)
    cells = [LOAD, f"%aml runs --experiment {opened.file.stem}"]
    opened.write(cells).open(app="notebook").run(0, 1)
    table = TableScreen(opened.output(1))
    expect(table.rows).to_have_count(2)
    table.pick("ann", "bobby")
    table.button("Compare").click()
    compare = CompareScreen(page.locator(f"{BELOW}, .aml-run-list").locator("visible=true"))
    expect(compare.runs).to_have_count(2)
    table.row("ann").locator(".aml-open").click()
    expect(RunScreen(_front(page)).name).to_have_text("ann")
    names = _names(page)
    assert "ann" in names

    opened.save().reload()
    expect(RunScreen(_front(page)).name).to_have_text("ann")
    assert _names(page) == names


def _names(page: Page) -> list[str]:
    return page.locator(f"{BELOW} .lm-TabBar-tabLabel").all_inner_texts()


def test_the_panel_of_runs_stands_at_the_side(notebook: NotebookMaker, page: Page) -> None:
    opened = _opened(notebook)
    experiment = opened.file.stem
    make_run(experiment, "ann", lr=0.1)
    _call(page, "panel of runs", "Show the panel of runs")
    panel = page.locator(PANEL)
    expect(panel).to_be_visible()
    panel.get_by_role("region", name="Experiments").get_by_role("button", name=experiment).click()
    TableScreen(panel).row("ann").locator(".aml-open").click()
    expect(RunScreen(_front(page)).name).to_have_text("ann")

    opened.reload()
    expect(panel).to_be_visible()
    expect(panel.get_by_role("region", name="Experiments")).to_be_visible()
    page.locator("#jp-left-stack .jp-SidePanel-collapse").click()
    expect(panel).to_be_hidden()
    opened.reload()
    expect(RunScreen(_front(page)).name).to_have_text("ann")
    expect(panel).to_be_hidden()


def test_what_runs_is_told_in_the_menu_bar(notebook: NotebookMaker, page: Page) -> None:
    opened = _opened(notebook)
    live = Experiment(workspace(), opened.file.stem).start_logging(display_name="live one")
    status = page.locator(".aml-status-item")
    expect(status).to_contain_text(re.compile(r"[1-9]\d* running"))
    status.click()
    expect(page.locator(PANEL)).to_be_visible()
    live.complete()
    expect(status).not_to_have_attribute("title", re.compile("live one"))


def test_commands_are_about_the_run_that_the_user_is_at(
    notebook: NotebookMaker, page: Page
) -> None:
    opened = notebook()
    run = make_run(opened.file.stem, "ann", lr=0.1)
    make_run(opened.file.stem, "bobby", lr=0.1)
    cells = [LOAD, f"%aml run {run.id}", f"%aml runs --experiment {opened.file.stem}"]
    opened.write(cells).open(app="notebook").run(0, 1, 2)
    panel = RunScreen(opened.output(1))
    panel.expect_points("loss", 30)
    panel.name.click()
    _rename(page, "anna")
    expect(panel.name).to_have_text("anna")

    table = TableScreen(opened.output(2))
    table.row("bobby").get_by_role("gridcell").nth(3).click()
    _rename(page, "robert")
    expect(table.row("robert")).to_be_visible()
    expect(table.row("anna")).to_be_visible()


def _rename(page: Page, name: str) -> None:
    _call(page, "Rename the run", "Rename the run")
    dialog = page.locator(".jp-Dialog")
    dialog.locator("input").fill(name)
    dialog.get_by_role("button", name="Ok").click()
    expect(dialog).to_have_count(0)
