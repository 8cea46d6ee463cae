"""What the extension adds to JupyterLab itself, and Notebook 7 beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from aml_magics import Experiment
from tests.browser.notebook import LOAD
from tests.browser.screens import RunScreen, TableScreen
from tests.browser.training import LIVE, make_run, workspace

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import NotebookMaker
    from tests.fixtures.lab import Lab

PANEL = "#aml-magics-panel"


def _side_panel(page: Page) -> Locator:
    panel = page.locator(PANEL)
    if not panel.is_visible():
        page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    expect(panel).to_be_visible()
    return panel


def _open_lab(page: Page, lab: Lab) -> None:
    page.goto(lab.url("/lab", reset=""))
    expect(page.locator(".jp-LauncherCard").first).to_be_visible()


def test_the_side_panel_lists_experiments_and_opens_their_runs(
    notebook: NotebookMaker, page: Page, lab: Lab
) -> None:
    experiment = notebook().file.stem
    make_run(experiment, "ann", lr=0.1)
    make_run(experiment, "bobby", lr=0.2)
    _open_lab(page, lab)
    panel = _side_panel(page)

    item = panel.get_by_role("region", name="Experiments").get_by_role("button", name=experiment)
    expect(item).to_contain_text("2")
    item.click()
    table = TableScreen(panel)
    expect(table.rows).to_have_count(2)
    table.row("ann").locator(".aml-open").click()
    run = RunScreen(page.locator(".aml-lab-screen"))
    expect(run.name).to_have_text("ann")
    run.expect_points("loss", 30)

    live = Experiment(workspace(), experiment).start_logging(display_name="live one")
    running = panel.get_by_role("region", name="Running").get_by_role("button", name="live one")
    expect(running).to_be_visible()
    status = page.locator(".aml-status-item")
    expect(status).to_contain_text(re.compile(r"[1-9]\d* running"))
    live.complete()
    expect(running).to_have_count(0)
    expect(item).to_contain_text("3")


def test_open_screens_are_there_again_after_a_reload(
    notebook: NotebookMaker, page: Page, lab: Lab
) -> None:
    experiment = notebook().file.stem
    run = make_run(experiment, "ann", lr=0.1)
    _open_lab(page, lab)
    call = "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)"
    place = {"workspace": workspace().name}
    page.evaluate(call, ["aml-magics:open-run", {**place, "run": run.id}])
    RunScreen(page.locator(".aml-lab-screen")).expect_points("loss", 30)
    with page.expect_response(
        lambda sent: "/api/workspaces/" in sent.url and sent.request.method == "PUT"
    ):
        page.evaluate(
            call, ["aml-magics:open-runs", {**place, "query": {"experiment": experiment}}]
        )
    expect(TableScreen(page.locator(".aml-lab-screen")).rows).to_have_count(1)

    page.goto(lab.url("/lab"))
    tab = page.locator(".lm-TabBar-tab", has_text="ann")
    expect(tab).to_be_visible()
    tab.click()
    RunScreen(page.locator(".aml-lab-screen")).expect_points("loss", 30)


def test_commands_are_in_the_palette_and_the_launcher(notebook: NotebookMaker, page: Page) -> None:
    opened = notebook("1").open()
    page.keyboard.press("Control+Shift+C")
    palette = page.locator(".lm-CommandPalette, #modal-command-palette")
    expect(palette.first).to_be_visible()
    page.keyboard.type("cell that is a run")
    page.locator(".lm-CommandPalette-item", has_text="Insert a cell that is a run").click()
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)
    expect(opened.cell(1)).to_contain_text("%%aml_run")

    opened.command("launcher:create")
    card = page.locator(".jp-LauncherCard", has_text="Azure ML runs")
    card.click()
    expect(page.locator(".aml-lab-screen .aml-ui").first).to_be_visible()


def test_the_end_of_a_run_is_told_where_the_settings_say_so(
    notebook: NotebookMaker, page: Page, lab: Lab
) -> None:
    with lab.settings("aml-magics:panel", minimumSeconds=0):
        opened = notebook(LOAD, LIVE).open().run(0).start(1)
        expect(page.locator(".aml-status-item")).to_have_attribute("title", re.compile("live"))
        RunScreen(opened.output(1)).expect_points("loss", r"\d{2,}")
        opened.let_go()
        toast = page.locator(".Toastify__toast", has_text="live completed after")
        expect(toast).to_be_visible()
        toast.get_by_role("button", name="Open run").click()
        expect(RunScreen(page.locator(".aml-lab-screen")).name).to_have_text("live")


def test_the_panel_is_on_the_side_that_the_settings_name(page: Page, lab: Lab) -> None:
    left = page.locator('.jp-SideBar.jp-mod-left [data-id="aml-magics-panel"]')
    right = page.locator('.jp-SideBar.jp-mod-right [data-id="aml-magics-panel"]')
    with lab.settings("aml-magics:panel", side="right"):
        _open_lab(page, lab)
        expect(right).to_be_visible()
        expect(left).to_have_count(0)
    _open_lab(page, lab)
    expect(left).to_be_visible()


def test_notebook_7_shows_the_same_panels(notebook: NotebookMaker, page: Page) -> None:
    opened = notebook(LOAD, LIVE, "%aml runs").open(app="notebook").run(0).start(1)
    panel = RunScreen(opened.output(1))
    panel.expect_points("loss", r"\d{2,}")
    opened.let_go()
    expect(panel.status).to_contain_text("Completed")
    opened.wait_until_idle().run(2)
    table = TableScreen(opened.output(2))
    table.row("live").locator(".aml-open").click()
    below = RunScreen(page.locator("#jp-down-stack"))
    expect(below.name).to_have_text("live")
    expect(below.status).to_contain_text("Completed")
