"""Every screen by the rules of axe, in JupyterLab's light and dark themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.notebook import LOAD
from tests.browser.screens import CompareScreen, RunScreen, TableScreen
from tests.browser.training import RICH, make_run
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import NotebookMaker
    from tests.fixtures.lab import Lab

AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async where => {
  const result = await axe.run(where, { resultTypes: ['violations'] });
  return result.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map(node =>
      node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '').slice(0, 160)).join(' | ')}`);
}"""


def _violations(page: Page, where: str) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return [f"{where}: {one}" for one in page.evaluate(_RUN, where)]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_no_screen_has_a_serious_violation(
    notebook: NotebookMaker, page: Page, lab: Lab, theme: str
) -> None:
    opened = notebook()
    ids = [make_run(opened.file.stem, name, lr=0.1, depth=len(name)).id for name in ("ann", "bob")]
    shown = f"%aml runs --experiment {opened.file.stem}"
    opened.write([LOAD, RICH, shown, f"%aml compare {' '.join(ids)}"])
    with lab.settings("@jupyterlab/apputils-extension:themes", theme=theme):
        opened.open().run(0, 1, 2, 3)
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
    for tab in ("Table", "Curves", "Parallel", "Scatter"):
        compare.tab(tab)
        found += _violations(page, ".aml-ui.aml-compare")
    page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    side = page.locator("#aml-magics-panel")
    side.get_by_role("button", name=opened.file.stem).click()
    expect(TableScreen(side).rows).to_have_count(3)
    found += _violations(page, "#aml-magics-panel")

    assert sorted(set(found)) == []
