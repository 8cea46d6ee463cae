"""Pictures of every screen in both themes: ``python -m tests.browser.screenshots``, or of some: ``… sweep designer``.

They are written to ``tests/browser/pictures/``, for eyes; no test compares them.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from playwright.sync_api import expect, sync_playwright

from tests.browser.data import make_people
from tests.browser.notebook import LOAD, Notebook
from tests.browser.pipeline.piping import pipeline_in, submit
from tests.browser.screens import (
    CompareScreen,
    DatasetScreen,
    PipelineScreen,
    RunScreen,
    ServiceScreen,
    SweepScreen,
    TableScreen,
    screen_in,
)
from tests.browser.training import LIVE, RICH, make_run, make_sweep, workspace
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


SWEEP = """%%aml_sweep tune --param lr=loguniform(-7,-1) depth=choice(2,4,8) act=choice(relu,tanh) --metric acc \
    --goal maximize --max-runs 24 --concurrent 4 --policy bandit(slack_factor=0.2,evaluation_interval=1,delay_evaluation=2)
import math, time
for epoch in range(8):
    run.log("acc", (1 - math.exp(-depth * (epoch + 1) / 12)) * math.exp(-((math.log10(lr) + 1.8) ** 2) / 2))
    time.sleep(0.3)"""
FEW = "%%aml_sweep few --param x=choice(1,2,3) --metric acc --goal maximize\nrun.log('acc', x)"


def main() -> None:
    """Make all pictures anew, or those of the parts that are named."""
    expect.set_options(timeout=MILLISECONDS)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder) / "lab")
        os.environ["AML_MAGICS_HOME"] = str(lab.home)
        os.chdir(folder)
        wanted = [PARTS[name] for name in sys.argv[1:] or PARTS]
        browser = launch(playwright)
        lab.start()
        try:
            for name, theme in THEMES.items():
                (PICTURES / name).mkdir(parents=True, exist_ok=True)
                with (
                    lab.settings("@jupyterlab/apputils-extension:themes", theme=theme),
                    # a dialog about a file that was saved meanwhile would lie over the picture
                    lab.settings("@jupyterlab/docmanager-extension:plugin", autosave=False),
                ):
                    for take in wanted:
                        take(browser, lab, PICTURES / name)
        finally:
            lab.stop()
            browser.close()


def _take_runs(browser: Browser, lab: Lab, into: Path) -> None:
    """Runs, comparisons, a dataset and the panel at the side."""
    page = _page(browser, 3600)  # a panel as a whole
    ids = _compared_runs()
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
    page = _page(browser, 2400)
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
    page = _page(browser, 1600)
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


def _take_sweep(browser: Browser, lab: Lab, into: Path) -> None:
    """A sweep whose policy ended trials, and one of fewer trials than were asked for."""
    page = _page(browser, 1800)
    opened = Notebook(page, lab, f"{into.name}/sweep.ipynb").write([LOAD, SWEEP, FEW])
    opened.open().run(0, 1, 2)
    screen, few = SweepScreen(opened.output(1)), SweepScreen(opened.output(2))
    expect(screen.rows.filter(has_text="Completed").first).to_be_visible()
    _take(screen.root, into / "sweep_live.png")
    for one in (screen, few):
        expect(one.status).to_contain_text("Completed")
    for tab in ("Best so far", "Parallel", "Scatter", "Importance", "Trials"):
        expect(screen.tab(tab).get_by_text("Loading…")).to_have_count(0)
        _take(screen.root, into / f"sweep_{tab.lower().replace(' ', '_')}.png")
    _take(few.root, into / "sweep_few.png")
    page.close()


def _take_designer(browser: Browser, lab: Lab, into: Path) -> None:
    """A pipeline that is drawn, with the form of a step."""
    page = _page(browser, 900)
    folder = lab.notebooks / f"{into.name}-drawn"
    pipeline_in(folder).save(folder / "train.amlpipeline")
    page.goto(lab.url(f"/lab/tree/{folder.name}/train.amlpipeline", reset=""))
    designer = screen_in(page, "designer")
    designer.locator("[data-node=train]").click()
    designer.get_by_label("Script *").wait_for()
    _take(designer, into / "designer.png")
    page.close()


def _compared_runs() -> list[str]:
    """The ids of runs to compare, beside a sweep and versions of a dataset."""
    if EXPERIMENT not in workspace().experiments:
        make_sweep("sweep", 200)
        make_people(Path.cwd(), "people", rows=4_000, columns=8)
        make_people(Path.cwd(), "people", rows=5_000, columns=8, add=20)
        for name, rate, depth, kernel in (
            ("baseline", 0.1, 2, "linear"),
            ("wide", 0.2, 4, "rbf"),
            ("deep", 0.05, 12, "rbf"),
            ("slow one", 0.01, 6, "poly"),
        ):
            make_run(EXPERIMENT, name, lr=rate, depth=depth, kernel=kernel)
    return [run.id for run in workspace().experiments[EXPERIMENT].get_runs()][-4:]


def _page(browser: Browser, height: int) -> Page:
    page = browser.new_page(viewport={"width": 1400, "height": height})
    page.set_default_timeout(MILLISECONDS)
    return page


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


PARTS = {
    "runs": _take_runs,
    "models": _take_models,
    "pipeline": _take_pipeline,
    "sweep": _take_sweep,
    "designer": _take_designer,
}

if __name__ == "__main__":
    main()
