"""A sweep in the browser: from a cell, brushed, without a kernel, and by the rules of axe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aml_magics.sdk.handles import Experiment, ScriptRunConfig
from aml_magics.sdk.sweep.hyperdrive_config import HyperDriveConfig, PrimaryMetricGoal
from aml_magics.sdk.sweep.parameter_expressions import choice
from aml_magics.sdk.sweep.sampling import GridParameterSampling
from tests.browser.notebook import LOAD
from tests.browser.screens import SweepScreen, expect_harmless
from tests.browser.serving import home_of
from tests.browser.test_accessibility import _violations
from tests.browser.training import workspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import NotebookMaker
    from tests.fixtures.lab import Lab

CELL = """%%aml_sweep --param lr=uniform(0,1) --param depth=choice(2,4) --metric acc --goal maximize --max-runs 3
import time
from pathlib import Path
run.log("acc", lr * depth)
while not Path("go").exists():
    time.sleep(0.05)"""
SCRIPT = """import sys
from azureml.core import Run
Run.get_context().log("acc", float(sys.argv[2]) * 2)"""
TABS = ("Best so far", "Parallel", "Scatter", "Importance", "Trials")
TRIALS = 6


@pytest.fixture(scope="module")
def sweep(shared_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The run of a sweep over x that has ended; its metric is twice x, and its name is markup."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "train.py").write_text(SCRIPT, encoding="utf-8")
    with home_of(shared_lab):
        config = HyperDriveConfig(
            run_config=ScriptRunConfig(folder, "train.py"),
            hyperparameter_sampling=GridParameterSampling({"x": choice(*range(TRIALS))}),
            primary_metric_name="acc",
            primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
            max_total_runs=TRIALS,
        )
        run = Experiment(workspace(), "swept").submit(config)
        run.display_name = "<img src=x onerror=window.__pwned=1>"
        run.wait_for_completion(show_output=False)
    return str(run.id)


def test_a_cell_is_swept_and_its_best_values_are_written(
    notebook: NotebookMaker, page: Page
) -> None:
    opened = notebook(LOAD, CELL, "%aml sweep last", "").open().run(0, 1)
    live = SweepScreen(opened.output(1))
    expect(live.rows.filter(has_text="Running").first).to_contain_text(re.compile(r"\d (s|ms)$"))
    expect(live.root.get_by_text("0 of 3 trials have ended")).to_be_visible()
    opened.restart_kernel().run(0, 2)
    again = SweepScreen(opened.output(2))
    expect(again.root.get_by_text("0 of 3 trials have ended")).to_be_visible()
    expect(again.root).to_contain_text("Best acc:")

    opened.let_go()
    for screen in (live, again):
        expect(screen.status).to_contain_text("Completed")
        expect(screen.root.get_by_text(re.compile(r"^3 trials in"))).to_be_visible()
        expect(screen.rows).to_have_count(3)
    again.button("Insert code").click()
    written = opened.cell(3).locator(".cm-content")
    expect(written).to_contain_text(re.compile(r"lr = 0\.\d+"))
    expect(written).to_contain_text(re.compile("depth = [24]"))

    opened.save().shut_kernel_down().reload(is_busy=True)
    kept = SweepScreen(opened.output(1))
    expect(kept.rows.filter(has_text="Completed")).to_have_count(3)


def test_what_is_brushed_is_a_dataframe(notebook: NotebookMaker, page: Page, sweep: str) -> None:
    made = f"from aml_magics.widgets import SweepWidget\nshown = SweepWidget({sweep!r})\nshown"
    opened = notebook(LOAD, made).open().run(0, 1)
    screen = SweepScreen(opened.output(1))
    picture = screen.tab("Parallel")
    line = picture.locator(".aml-line").first
    assert line.evaluate("line => getComputedStyle(line).stroke") != "none"
    box = picture.locator(".aml-axis").first.locator("path").first.bounding_box()
    assert box is not None
    across = box["x"] + box["width"] / 2
    page.mouse.move(across, box["y"] - 2)
    page.mouse.down()
    page.mouse.move(across, box["y"] + box["height"] * 0.5, steps=6)
    page.mouse.up()

    expect(picture).to_contain_text("3 of 6 trials are within the ranges")
    opened.expect_value("sorted(shown.dataframe(selected=True)['metrics.acc'])", [6.0, 8.0, 10.0])
    screen.tab("Trials")
    screen.root.get_by_label("Show no others").check()
    expect(screen.rows).to_have_count(3)
    screen.button("Clear").click()
    expect(screen.rows).to_have_count(TRIALS)
    opened.expect_value("shown.selected", [])


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_it_is_opened_without_a_kernel_and_breaks_no_rule(
    notebook: NotebookMaker, page: Page, lab: Lab, sweep: str, theme: str
) -> None:
    opened = notebook()
    with lab.settings("@jupyterlab/apputils-extension:themes", theme=theme):
        opened.open()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
    page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    side = page.locator("#aml-magics-panel")
    for part in ("Compute", "Sweeps"):
        side.get_by_role("button", name=re.compile(rf"{part} \d")).click()
    expect(side.get_by_text(re.compile("of . work")).first).to_be_visible()
    found = _violations(page, "#aml-magics-panel")
    side.get_by_role("button", name=f"{TRIALS}/{TRIALS}").click()
    screen = SweepScreen(page.locator(".aml-lab-screen:visible"))
    expect(screen.rows).to_have_count(TRIALS)
    expect(screen.root).to_contain_text("<img src=x")
    for tab in TABS:
        screen.tab(tab)
        found += _violations(page, "section.aml-sweep")
    expect_harmless(page)
    assert sorted(set(found)) == []

    screen.button("10").click()
    expect(page.locator(".aml-run-name:visible")).to_contain_text("swept-")
