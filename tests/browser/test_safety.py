"""Markup stays text on every screen, and nothing leaves the machine."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.notebook import LOAD
from tests.browser.screens import CompareScreen, RunScreen, TableScreen, expect_harmless
from tests.browser.training import HOSTILE, HOSTILE_CELL
from tests.fixtures.chromium import MILLISECONDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import NotebookMaker

NAME = HOSTILE["markup"][0]
_SHOW = """both = f"{run.id} {other.id}"
%aml run $run.id
%aml runs
%aml compare $run.id $other.id"""


def test_markup_in_a_run_is_text_on_every_screen(
    notebook: NotebookMaker, page: Page, chromium: Browser
) -> None:
    experiment = "<img src=x onerror=window.__pwned=1>"
    opened = notebook(
        LOAD,
        f"%config AmlMagics.experiment = {experiment!r}",
        HOSTILE_CELL,
        "other = run.experiment.start_logging(display_name=run.display_name)\nother.complete()",
        "%aml run $run.id",
        "%aml runs --experiment " + repr(experiment),
        "%aml compare $run.id $other.id",
    )
    opened.open().run(0, 1)
    opened.start(2)
    expect(opened.output(2)).to_contain_text("ValueError")
    opened.wait_until_idle().run(3, 4, 5, 6)

    panel = RunScreen(opened.output(4))
    expect(panel.name).to_have_text(NAME)
    expect(panel.root).to_contain_text(HOSTILE["markup"][1])
    log = panel.tab("Log")
    expect(log).to_contain_text(HOSTILE["markup"][2])
    files = panel.tab("Files")
    for file in ("page.html", "page.csv", "drawn.svg"):
        files.get_by_role("button", name=file, exact=True).click()
    expect(files.locator(".aml-run-preview [aria-busy]")).to_have_count(0)
    expect(panel.tab("Snapshot")).to_contain_text("HOSTILE")
    panel.tab("Compare")
    panel.tab("Overview")
    table = TableScreen(opened.output(5))
    expect(table.rows).to_have_count(2)
    expect(table.rows.first).to_contain_text(NAME)
    compare = CompareScreen(opened.output(6))
    for tab in ("Curves", "Parallel", "Scatter", "Table"):
        compare.tab(tab)
    expect(compare.runs.first).to_contain_text(NAME)
    expect_harmless(page)
    opened.save()

    page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    side = page.locator("#aml-magics-panel")
    side.get_by_role("region", name="Experiments").get_by_role("button", name=experiment).click()
    expect(TableScreen(side).rows).to_have_count(2)
    TableScreen(side).row(NAME).locator(".aml-open").click()
    expect(RunScreen(page.locator(".aml-lab-screen")).name).to_have_text(NAME)
    for element in page.locator(".aml-ui button:visible").all()[:40]:
        element.hover(force=True)
    expect_harmless(page)

    command = [sys.executable, "-m", "nbconvert", "--to", "html", str(opened.file)]
    subprocess.run(command, check=True, capture_output=True)
    context = chromium.new_context(offline=True)
    context.set_default_timeout(MILLISECONDS)
    exported = context.new_page()
    exported.goto(opened.file.with_suffix(".html").as_uri())
    expect(exported.locator(".aml-view.aml-run").first).to_contain_text(NAME)
    assert exported.evaluate("window.__pwned") is None
    context.close()


def test_an_address_of_a_logged_file_runs_nothing_when_it_is_opened(
    notebook: NotebookMaker, page: Page
) -> None:
    opened = notebook(LOAD, HOSTILE_CELL, "%aml run $run.id").open().run(0).start(1)
    expect(opened.output(1)).to_contain_text("ValueError")
    opened.wait_until_idle().run(2)
    files = RunScreen(opened.output(2)).tab("Files")
    addresses = files.get_by_role("link").evaluate_all("links => links.map(link => link.href)")
    assert len(addresses) > 3

    for address in addresses:
        found = page.request.get(address)
        assert found.headers["content-disposition"].startswith("attachment"), address
        assert found.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in found.headers["content-security-policy"]


def test_a_panel_of_an_ended_run_asks_for_nothing_more(notebook: NotebookMaker, page: Page) -> None:
    code = "%%aml_run quick\nfor step in range(50): run.log('loss', step)"
    opened = notebook(LOAD, code).open().run(0, 1).save()
    opened.reload()
    panel = RunScreen(opened.output(1))
    expect(panel.status).to_contain_text("Completed")
    panel.expect_points("loss", 50)
    page.evaluate("""() => {
      window.ticks = [];
      for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame']) {
        const real = window[name].bind(window);
        window[name] = (call, ...rest) => {
          if (/aml[-_]magics/.test(new Error().stack)) { window.ticks.push(name); }
          return real(call, ...rest);
        };
      }
    }""")
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))

    page.wait_for_timeout(4_000)

    ours = [url for url in asked if "aml-magics" in url or "aml_magics" in url]
    assert [url for url in ours if "/activity" not in url] == []
    assert page.evaluate("window.ticks") == []
