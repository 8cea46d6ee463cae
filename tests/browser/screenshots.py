"""Pictures of every screen in both themes: ``python -m tests.browser.screenshots``.

They are written to ``tests/browser/pictures/``, for eyes; no test compares them.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from tests.browser.data import make_people
from tests.browser.notebook import LOAD, Notebook
from tests.browser.pipeline.piping import submit
from tests.browser.screens import (
    CompareScreen,
    DatasetScreen,
    PipelineScreen,
    RunScreen,
    ServiceScreen,
    TableScreen,
    screen_in,
)
from tests.browser.training import LIVE, RICH, make_run, make_sweep
from tests.fixtures.chromium import MILLISECONDS, launch
from tests.fixtures.lab import Lab
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PICTURES = Path(__file__).parent / "pictures"
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
EXPERIMENT = "digits"
FAILS = "%%aml_run fails --param lr=10\nrun.log('loss', 3.5)\nrun.log('loss', float('nan'))\n1 / 0"

TOUR = ROOT / "notebooks" / "04_models_and_services.ipynb"
ROLL_BACK = "%aml service diabetes-service rollback 1"
CALLS = """from math import sin
for second in range(40):
    for _ in range(int(12 + 10 * sin(second / 4))):
        requests.post(service.scoring_uri, json=someone, headers=headers)
    time.sleep(1)"""


def main() -> None:
    """Make all pictures anew."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder) / "lab")
        os.environ["AML_MAGICS_HOME"] = str(lab.home)
        os.chdir(folder)
        ids = [
            make_run(EXPERIMENT, name, lr=rate, depth=depth, kernel=kernel).id
            for name, rate, depth, kernel in (
                ("baseline", 0.1, 2, "linear"),
                ("wide", 0.2, 4, "rbf"),
                ("deep", 0.05, 12, "rbf"),
                ("slow one", 0.01, 6, "poly"),
            )
        ]
        make_sweep("sweep", 200)
        make_people(Path(folder), "people", rows=4_000, columns=8)
        make_people(Path(folder), "people", rows=5_000, columns=8, add=20)
        browser = launch(playwright)
        lab.start()
        try:
            for name, theme in THEMES.items():
                with lab.settings("@jupyterlab/apputils-extension:themes", theme=theme):
                    _take_all(browser, lab, PICTURES / name, ids)
                    _take_models(browser, lab, PICTURES / name)
                    _take_pipeline(browser, lab, PICTURES / name)
        finally:
            lab.stop()
            browser.close()


def _take_all(browser: Browser, lab: Lab, into: Path, ids: list[str]) -> None:
    into.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": 1400, "height": 3600})  # a panel as a whole
    page.set_default_timeout(MILLISECONDS)
    opened = Notebook(page, lab, f"{into.name}/{EXPERIMENT}.ipynb").write(
        [
            LOAD,
            RICH,
            f"%aml runs --experiment {EXPERIMENT}",
            f"%aml compare {' '.join(ids)}",
            FAILS,
            LIVE,
            "%aml dataset people",
        ]
    )
    opened.open().run(0, 1, 2, 3, 6).start(4).wait_until_idle()
    run = RunScreen(opened.output(1))
    for tab in ("Log", "Files", "Snapshot", "Compare", "Overview"):
        run.tab(tab)
        _take(run.root, into / f"run_{tab.lower()}.png")
    _take(RunScreen(opened.output(4)).root, into / "run_failed.png")
    table = TableScreen(opened.output(2))
    table.pick("wide", "deep")
    _take(table.root, into / "run_table.png")
    compare = CompareScreen(opened.output(3))
    for tab in ("Table", "Curves", "Parallel", "Scatter"):
        compare.tab(tab)
        _take(compare.root, into / f"compare_{tab.lower()}.png")
    dataset = DatasetScreen(opened.output(6))
    for tab in ("Columns", "Versions", "Rows"):
        dataset.tab(tab)
        _take(dataset.root, into / f"dataset_{tab.lower()}.png")
    opened.start(5)
    live = RunScreen(opened.output(5))
    live.expect_points("loss", r"\d{2,}")
    _take(live.root, into / "run_live.png")
    page.set_viewport_size({"width": 1400, "height": 1000})
    _take_side_panel(page, into / "side_panel.png")
    opened.let_go().wait_until_idle()
    page.close()


def _take_models(browser: Browser, lab: Lab, into: Path) -> None:
    """The screens of the tutorial, before it rolls back."""
    page = browser.new_page(viewport={"width": 1400, "height": 2400})
    page.set_default_timeout(MILLISECONDS)
    tour = [one.source for one in nbformat.read(TOUR, 4).cells if one.cell_type == "code"]
    at = tour.index(ROLL_BACK)
    screens = {
        "models": "%aml models --name diabetes",
        "model": "%aml model diabetes@champion",
        "services": "%aml services",
        "service": "%aml service diabetes-service",
    }
    opened = Notebook(page, lab, f"{into.name}/tour/tour.ipynb")
    opened.write([*tour[:at], CALLS, *screens.values()]).open()
    try:
        opened.run(*range(at + 1 + len(screens))).wait_until_idle()
        for place, kind in enumerate(screens, at + 1):
            _take(screen_in(opened.output(place), kind), into / f"{kind}.png")
        service = ServiceScreen(opened.output(at + len(screens)))
        for tab in ("Log", "Try it", "Revisions"):
            service.tab(tab)
            _take(service.root, into / f"service_{tab.lower().replace(' ', '_')}.png")
    finally:
        opened.execute("service.delete()")
        page.close()


def _take_pipeline(browser: Browser, lab: Lab, into: Path) -> None:
    """A pipeline whose last step goes on, and the lists of pipelines."""
    into.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": 1400, "height": 1600})
    page.set_default_timeout(MILLISECONDS)
    folder = Path(f"{into.name}-piped").absolute()
    run = submit(folder)
    opened = Notebook(page, lab, f"{into.name}/pipeline.ipynb").write(
        [LOAD, f"%aml pipeline {run.id}", "%aml pipelines"]
    )
    opened.open().run(0, 1, 2)
    screen = PipelineScreen(opened.output(1))
    screen.step("train, Running").click()
    screen.chosen.get_by_text("waiting").wait_for()
    for tab in ("Graph", "Steps"):
        screen.tab(tab)
        _take(screen.root, into / f"pipeline_{tab.lower()}.png")
    _take(screen_in(opened.output(2), "pipelines"), into / "pipelines.png")
    (folder / "go").touch()
    run.wait_for_completion(show_output=False)
    page.close()


def _take_side_panel(page: Page, file: Path) -> None:
    page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    panel = page.locator("#aml-magics-panel")
    panel.get_by_role("button", name="sweep").click()
    TableScreen(panel).row("trial").wait_for()
    live = page.locator(".jp-NotebookPanel:visible .jp-Cell").nth(5)
    live.evaluate("cell => cell.scrollIntoView({ block: 'start' })")
    page.screenshot(path=file)


def _take(shown: Locator, file: Path) -> None:
    shown.scroll_into_view_if_needed()
    shown.page.wait_for_timeout(300)  # images and curves come once they are seen
    shown.screenshot(path=file)


if __name__ == "__main__":
    main()
