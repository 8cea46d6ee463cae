"""Every screen by the rules of axe, in JupyterLab's light and dark themes."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aml_magics.errors import ServiceFailedError
from aml_magics.services.service import deployment
from tests.browser.data import make_people
from tests.browser.notebook import LOAD
from tests.browser.screens import (
    CompareScreen,
    DatasetScreen,
    ModelScreen,
    ModelsScreen,
    RunScreen,
    ServiceScreen,
    ServicesScreen,
    TableScreen,
)
from tests.browser.serving import deploy, make_models
from tests.browser.training import LIVE, RICH, make_run, workspace
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import NotebookMaker
    from tests.fixtures.lab import Lab

AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async where => {
  // Two outputs of one page may show the same.
  const rules = { 'landmark-unique': { enabled: false } };
  const result = await axe.run(where, { resultTypes: ['violations'], rules });
  return result.violations
    .map(one => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map(node =>
      node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '').slice(0, 160)).join(' | ')}`);
}"""


def _violations(page: Page, where: str) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return [f"{where}: {one}" for one in page.evaluate(_RUN, where)]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_no_screen_breaks_a_rule(
    notebook: NotebookMaker, page: Page, lab: Lab, tmp_path: Path, theme: str
) -> None:
    opened = notebook()
    ids = [make_run(opened.file.stem, name, lr=0.1, depth=len(name)).id for name in ("ann", "bob")]
    shown = f"%aml runs --experiment {opened.file.stem}"
    people = f"{opened.file.stem}_people"
    make_people(tmp_path, people)
    make_people(tmp_path, people, add=20)
    data = f"%aml dataset {people}"
    opened.write([LOAD, RICH, shown, f"%aml compare {' '.join(ids)}", data])
    with lab.settings("@jupyterlab/apputils-extension:themes", theme=theme):
        opened.open().run(0, 1, 2, 3, 4)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
    found = []

    run = RunScreen(opened.output(1))
    for tab in ("Overview", "Log", "Files", "Snapshot", "Compare"):
        run.tab(tab)
        found += _violations(page, ".aml-ui.aml-run")
    table = TableScreen(opened.output(2))
    expect(table.rows).to_have_count(3)
    table.pick("ann")
    found += _violations(page, ".aml-ui.aml-run-list")
    compare = CompareScreen(opened.output(3))
    for tab in ("Table", "Curves", "Parallel", "Scatter", "Best so far", "Importance"):
        compare.tab(tab)
        found += _violations(page, ".aml-ui.aml-compare")
    dataset = DatasetScreen(opened.output(4))
    for tab in ("Rows", "Columns", "Versions", "Runs"):
        dataset.tab(tab)
        found += _violations(page, ".aml-ui.aml-dataset")
    page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    side = page.locator("#aml-magics-panel")
    side.get_by_role("button", name=opened.file.stem).click()
    expect(TableScreen(side).rows).to_have_count(3)
    found += _violations(page, "#aml-magics-panel")

    assert sorted(set(found)) == []


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_no_screen_of_models_and_services_breaks_a_rule(
    notebook: NotebookMaker, page: Page, lab: Lab, tmp_path: Path, theme: str
) -> None:
    name = f"axe-{secrets.token_hex(3)}"
    make_models(name, tmp_path)
    deploy(name, tmp_path, [f"{name}:1"], tags={"team": "blue"})
    deploy(name, tmp_path, [f"{name}:2"])
    with pytest.raises(ServiceFailedError):
        deploy(f"{name}-x", tmp_path, [f"{name}:1"], "def init(): 1 / 0\ndef run(data): ...\n")
    shown = ("models", f"model {name}", "services", f"service {name}", f"service {name}-x")
    opened = notebook(LOAD, *(f"%aml {one}" for one in shown))
    with lab.settings("@jupyterlab/apputils-extension:themes", theme=theme):
        opened.open().run(0, 1, 2, 3, 4, 5)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
    expect(ServiceScreen(opened.output(5)).status).to_contain_text("Failed")
    found = _violations(page, ".aml-ui.aml-service")

    expect(ModelsScreen(opened.output(1)).row(name)).to_be_visible()
    found += _violations(page, ".aml-ui.aml-models")
    model = ModelScreen(opened.output(2))
    for tab in ("Files", "Versions", "Overview"):
        model.tab(tab)
        found += _violations(page, ".aml-ui.aml-model")
    model.button("Edit").click()
    model.button("Delete…").click()
    found += _violations(page, ".aml-ui.aml-model")
    expect(ServicesScreen(opened.output(3)).row(name)).to_be_visible()
    found += _violations(page, ".aml-ui.aml-services")
    service = ServiceScreen(opened.output(4))
    expect(service.send('{"data": [[1, 2]]}')).to_contain_text("200")
    found += _violations(page, ".aml-ui.aml-service")
    for tab in ("Log", "Revisions", "Overview"):
        service.tab(tab)
        found += _violations(page, ".aml-ui.aml-service")
    service.button("Stop…").click()
    found += _violations(page, ".aml-ui.aml-service")
    page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    services = page.locator("#aml-magics-panel").get_by_role("region", name="Services")
    services.get_by_role("button", name=re.compile("Services")).click()
    services.get_by_role("button", name=f"Stop {name}").click()
    found += _violations(page, "#aml-magics-panel")
    for one in (name, f"{name}-x"):
        deployment.delete(workspace().store, one)

    assert sorted(set(found)) == []


def test_nothing_above_a_screen_breaks_a_rule(notebook: NotebookMaker, page: Page) -> None:
    opened = notebook()
    one = make_run(opened.file.stem, "ann", lr=0.1)
    make_run(opened.file.stem, "bob", lr=0.2)
    shown = f"%aml runs --experiment {opened.file.stem}"
    opened.write([LOAD, f"%aml run {one.id}", shown]).open().run(0, 1, 2)
    run, table = RunScreen(opened.output(1)).root, TableScreen(opened.output(2))
    found = []

    def look(where: str, popup: str = ".aml-popup") -> None:
        expect(page.locator(popup)).to_be_visible()
        found.extend(_violations(page, where))

    for name in ("Code: write a cell into the notebook", "More", "More of loss"):
        run.get_by_role("button", name=name, exact=True).press("ArrowDown")
        look(".aml-ui.aml-run")
        page.keyboard.press("Escape")
    run.get_by_role("button", name="Edit").click()
    run.get_by_label("Tags, one a line").fill("=final")
    run.get_by_role("button", name="Save").click()
    look(".aml-ui.aml-run", ".aml-run-edit [role=alert]")
    page.keyboard.press("Escape")
    run.get_by_role("button", name="More", exact=True).press("ArrowDown")
    run.get_by_role("menuitem", name="Delete").press("Enter")
    undo = run.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    look(".aml-ui.aml-run", ".aml-run-undo")
    undo.press("Enter")
    expect(run.get_by_text("ann is back.")).to_be_visible()

    for name in ("Columns", "Views", "More"):
        table.root.locator(".aml-toolbar").get_by_role("button", name=name).click()
        look(".aml-ui.aml-run-list")
        page.keyboard.press("Escape")
    for entry in ("Rename…", "Notes…", "Tags…"):
        table.row("bob").click(button="right")
        look(".aml-ui.aml-run-list")
        page.get_by_role("menuitem", name=entry).click()
        look(".aml-ui.aml-run-list", ".aml-popup-dialog")
        page.keyboard.press("Escape")
    table.head("loss").click(button="right")
    look(".aml-ui.aml-run-list")

    assert sorted(set(found)) == []


def test_no_run_that_goes_on_or_failed_breaks_a_rule(notebook: NotebookMaker, page: Page) -> None:
    fails = "%%aml_run fails --param lr=10\nrun.log('loss', 3.5)\nraise ValueError('no ' * 900)"
    opened = notebook(LOAD, LIVE, fails).open().run(0).start(1)
    live = RunScreen(opened.output(1))
    live.expect_points("loss", r"\d{2,}")
    live.look()
    found = _violations(page, ".aml-ui.aml-run")
    opened.let_go().wait_until_idle()
    opened.start(2).wait_until_idle()
    failed = RunScreen(opened.output(2))
    for tab in ("Overview", "Log", "Files", "Snapshot"):
        failed.tab(tab)
        found += _violations(page, ".aml-ui.aml-run")

    assert sorted(set(found)) == []
