"""A pipeline in the browser: alive, reloaded, canceled, with hostile names, and by the rules of axe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.notebook import LOAD
from tests.browser.pipeline.piping import submit
from tests.browser.screens import PipelineScreen, expect_harmless
from tests.browser.serving import home_of
from tests.browser.test_accessibility import _violations

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import NotebookMaker
    from tests.fixtures.lab import Lab

HOSTILE = "<img src=x onerror=window.__pwned=1>"


@pytest.fixture(scope="module")
def hostile(shared_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pipeline that has completed; its second step has markup for a name."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "go").touch()
    with home_of(shared_lab):
        run = submit(folder, HOSTILE)
        assert run.wait_for_completion(show_output=False) == "Finished"
    return str(run.id)


def test_a_pipeline_is_alive_through_reload_and_restart_until_it_is_canceled(
    notebook: NotebookMaker, page: Page, shared_lab: Lab, tmp_path: Path
) -> None:
    with home_of(shared_lab):
        run = submit(tmp_path / "scripts")
    opened = notebook(LOAD, f"%aml pipeline {run.id}").open().run(0, 1)
    screen = PipelineScreen(opened.output(1))
    expect(screen.step("train, Running")).to_be_visible()
    expect(screen.step("prepare, Completed")).to_be_visible()
    screen.step("prepare").focus()
    page.keyboard.press("ArrowDown")
    expect(screen.step("train")).to_be_focused()
    expect(screen.chosen).to_contain_text("waiting")
    expect(screen.chosen).to_contain_text("acc 0.75")

    opened.restart_kernel()
    expect(screen.root).to_contain_text("1 of 2 steps have ended, 1 running")
    opened.save().shut_kernel_down().reload()
    again = PipelineScreen(opened.output(1))
    expect(again.step("train, Running")).to_be_visible()
    again.button("Cancel").click()
    again.button("Yes, cancel").click()
    expect(again.status).to_contain_text("Canceled")
    expect(again.step("train, Canceled")).to_be_visible()
    expect(again.button("Run the rest again")).to_be_visible()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_it_is_opened_without_a_kernel_and_breaks_no_rule(
    notebook: NotebookMaker, page: Page, lab: Lab, hostile: str, theme: str
) -> None:
    opened = notebook()
    with lab.settings("@jupyterlab/apputils-extension:themes", theme=theme):
        opened.open()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
    page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    side = page.locator("#aml-magics-panel")
    side.get_by_role("button", name=re.compile(r"Pipelines \d")).click()
    found = _violations(page, "#aml-magics-panel")
    side.get_by_role("button", name="2/2").first.click()
    screen = PipelineScreen(page.locator(".aml-lab-screen:visible"))
    screen.step(HOSTILE).click()
    expect(screen.chosen).to_contain_text(HOSTILE)
    for tab in ("Steps", "Compare", "Graph"):
        screen.tab(tab)
        found += _violations(page, "section.aml-pipeline")
    expect_harmless(page)
    assert sorted(set(found)) == []

    screen.chosen.get_by_role("button", name="Open run").click()
    expect(page.get_by_role("button", name="Show the pipeline")).to_be_visible()
    assert hostile
