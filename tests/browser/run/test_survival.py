"""What a panel lives through: reloads, dead kernels, dead servers, and files from elsewhere."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from playwright.sync_api import expect

from aml_magics import Experiment
from tests.browser.notebook import LOAD
from tests.browser.screens import RunScreen
from tests.browser.training import LIVE, RICH, workspace
from tests.fixtures.chromium import MILLISECONDS
from tests.services.conftest import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

    from tests.browser.conftest import NotebookMaker
    from tests.browser.notebook import Notebook
    from tests.fixtures.lab import Lab

RUN = "application/vnd.aml-magics.run+json"
_QUICK = "%%aml_run quick\nfor step in range(100): run.log('loss', 1 / (step + 1))"


def _panel(notebook: Notebook, cell: int = 1) -> RunScreen:
    return RunScreen(notebook.output(cell))


def test_a_reload_in_mid_run_loses_nothing(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, LIVE).open().run(0).start(1)
    _panel(opened).expect_points("loss", r"\d{2,}")
    opened.save().reload(is_busy=True)

    panel = _panel(opened)
    expect(panel.status).to_contain_text("Running")
    count = _points(panel)
    expect(panel.plot("loss")).not_to_have_attribute(
        "aria-label", re.compile(rf"\bloss: {count} points")
    )
    lines = panel.tab("Log").locator(".aml-log-line")
    expect(lines.first).to_have_text("step 0\n")
    last = lines.last.inner_text()
    expect(lines.last).not_to_have_text(last)
    opened.let_go()
    expect(panel.status).to_contain_text("Completed")
    panel.tab("Overview")
    opened.wait_until_idle()
    panel.expect_points("loss", opened.value("step"))


def test_a_reload_in_mid_run_keeps_a_panel_that_nobody_saved(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, LIVE).open().run(0).start(1)
    _panel(opened).expect_points("loss", r"\d{2,}")
    eventually(lambda: any(RUN in one.get("data", {}) for one in opened.read().cells[1].outputs))
    opened.reload(is_busy=True)

    panel = _panel(opened)
    expect(panel.status).to_contain_text("Running")
    count = _points(panel)
    expect(panel.plot("loss")).not_to_have_attribute(
        "aria-label", re.compile(rf"\bloss: {count} points")
    )
    opened.let_go()
    expect(panel.status).to_contain_text("Completed")


def test_a_reload_in_mid_run_keeps_a_panel_that_cannot_be_saved(
    notebook: NotebookMaker, page: Page
) -> None:
    opened = notebook(LOAD, LIVE).open().run(0)

    def refuse(route: Route) -> None:
        route.abort() if route.request.method == "PUT" else route.continue_()

    page.route("**/api/contents/**", refuse)
    opened.start(1)
    _panel(opened).expect_points("loss", r"\d{2,}")
    assert opened.read().cells[1].outputs == []
    opened.reload(is_busy=True)

    panel = _panel(opened)
    expect(panel.status).to_contain_text("Running")
    count = _points(panel)
    expect(panel.plot("loss")).not_to_have_attribute(
        "aria-label", re.compile(rf"\bloss: {count} points")
    )
    page.unroute_all()
    opened.let_go()
    expect(panel.status).to_contain_text("Completed")
    opened.save().reload()
    expect(panel.status).to_contain_text("Completed")
    expect(opened.output(1).locator(".aml-run")).to_have_count(1)


def _points(panel: RunScreen) -> int:
    label = panel.plot("loss").get_attribute("aria-label") or ""
    found = re.search(r"loss: (\d+) points", label)
    assert found, label
    return int(found[1])


@pytest.mark.parametrize(("way", "status"), [("restart", "Canceled"), ("kill", "Failed")])
def test_the_run_of_a_kernel_that_is_gone_ends_and_says_why(
    notebook: NotebookMaker, way: str, status: str
) -> None:
    opened = notebook(LOAD, LIVE, "1").open().run(0)
    pid = opened.value("__import__('os').getpid()")
    opened.start(1)
    panel = _panel(opened)
    panel.expect_points("loss", r"\d{2,}")
    if way == "kill":
        os.kill(pid, signal.SIGKILL)
        opened.page.locator(".jp-Dialog").get_by_role("button", name="Ok").click()
    else:
        opened.restart_kernel()

    expect(panel.status).to_contain_text(status)  # a restart interrupts first
    expect(panel.reason).to_have_text(re.compile("process|kernel|interrupted", re.IGNORECASE))
    _points(panel)
    opened.wait_until_idle().run(2)
    assert opened.value("'run' in globals()") is False


def test_a_panel_reconnects_by_itself_when_the_server_is_back(
    notebook: NotebookMaker, own_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AML_MAGICS_HOME", str(own_lab.home))
    own_lab.start()
    run = Experiment(workspace(), "elsewhere").start_logging(display_name="from a script")
    for step in range(20):
        run.log("loss", 1 / (step + 1))
    opened = notebook(LOAD, f"%aml run {run.id}", of=own_lab).open().run(0, 1).save()
    panel = _panel(opened)
    panel.expect_points("loss", 20)
    expect(panel.link).to_be_hidden()

    own_lab.kill()
    expect(panel.link).to_contain_text("detached")
    panel.expect_points("loss", 20)
    for step in range(20, 50):
        run.log("loss", 1 / (step + 1))
    own_lab.start()

    panel.expect_points("loss", 50)
    expect(panel.link).to_be_hidden()
    run.complete()
    expect(panel.status).to_contain_text("Completed")


def test_a_saved_notebook_is_alive_without_a_kernel(notebook: NotebookMaker) -> None:
    made = notebook(LOAD, "1")
    run = Experiment(workspace(), made.file.stem).start_logging(display_name="from a script")
    for step in range(20):
        run.log("loss", 1 / (step + 1))
    opened = notebook(LOAD, f"%aml run {run.id}").open().run(0, 1).save()
    opened.end_session()
    opened.open().shut_kernel_down()
    expect(opened.page.locator(".jp-Toolbar-kernelName").first).to_have_text("No Kernel")
    panel = _panel(opened)
    panel.expect_points("loss", 20)
    for step in range(20, 40):
        run.log("loss", 1 / (step + 1))
    panel.expect_points("loss", 40)
    run.complete()
    expect(panel.status).to_contain_text("Completed")


def test_without_our_server_extension_the_last_snapshot_is_shown(
    notebook: NotebookMaker, own_lab: Lab
) -> None:
    opened = notebook(LOAD, LIVE, RICH).open().run(0).start(1)
    _panel(opened).expect_points("loss", r"\d{2,}")
    # The saved output follows the panel at a distance.
    eventually(lambda: "loss" in str(opened.save().read().cells[1].outputs))
    live = opened.read().cells[1]
    opened.let_go().wait_until_idle().run(2)
    opened.save()
    saved = opened.read()
    saved.cells[1] = live
    own_lab.set_server_extension(is_on=False)
    own_lab.start()

    there = notebook(of=own_lab).put(saved)
    there.open()
    panel, ended = _panel(there), _panel(there, 2)
    expect(panel.status).to_contain_text("Running")
    expect(panel.link).to_contain_text(re.compile("detached|as it was when it was saved"))
    assert _points(panel) > 1
    expect(ended.status).to_contain_text("Completed")
    expect(ended.table("Metrics")).to_contain_text("0.9375")


def test_an_exported_page_shows_the_run_without_scripts(
    notebook: NotebookMaker, chromium: Browser
) -> None:
    opened = notebook(LOAD, RICH).open().run(0, 1).save()
    command = [sys.executable, "-m", "nbconvert", "--to", "html", str(opened.file)]
    subprocess.run(command, check=True, capture_output=True)

    context = chromium.new_context(java_script_enabled=False, offline=True)
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    page.goto(opened.file.with_suffix(".html").as_uri())
    static = page.locator(".aml-view.aml-run")
    expect(static).to_be_visible()
    expect(static).to_contain_text("Completed")
    expect(static.locator("svg").first).to_be_visible()
    context.close()


def test_a_cell_that_runs_100_times_does_not_grow_the_file(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, _QUICK).open().run(0, 1).save()
    once = opened.file.stat().st_size

    opened.run(*[1] * 100).save()

    assert len(opened.read().cells[1].outputs) == 1
    assert opened.file.stat().st_size < once + 2_000
    assert "widgets" not in opened.read().metadata
    expect(_panel(opened).status).to_contain_text("Completed")


def test_a_deleted_run_says_so_and_keeps_what_was_known(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, _QUICK).open().run(0, 1).save()
    expect(_panel(opened).status).to_contain_text("Completed")
    place = workspace()
    Experiment.delete(place, Experiment(place, opened.file.stem).id)

    opened.reload()
    panel = _panel(opened)
    expect(panel.link).to_contain_text("deleted")
    panel.expect_points("loss", 100)


def _output(data: dict[str, Any]) -> Any:
    return nbformat.v4.new_output("display_data", data=data)


def test_outputs_that_cannot_be_drawn_give_a_few_words(notebook: NotebookMaker, page: Page) -> None:
    opened = notebook(*["1"] * 5)
    broken: list[Any] = [
        {"version": 1},
        "no snapshot",
        {"version": 1, "workspace": "default", "view": "{'cut"},
        {"version": 1, "workspace": "default", "view": {"metrics": [{}], "params": None}},
    ]
    content = opened.read()
    for cell, snapshot in zip(content.cells, broken, strict=False):
        cell.outputs = [_output({RUN: snapshot, "text/plain": "a run"})]
    newer = {"version": 99, "workspace": "default", "view": {}}
    html = "<p>the <b>static</b> picture</p><img src=x onerror='window.__pwned = 1'>"
    content.cells[4].outputs = [_output({RUN: newer, "text/html": html, "text/plain": "a run"})]
    opened.put(content).open()

    for cell in range(3):
        expect(opened.output(cell).locator(".aml-message")).to_contain_text("damaged")
    expect(opened.output(3).locator(".aml-ui").first).to_be_visible()
    expect(opened.output(4)).to_contain_text("the static picture")
    assert page.evaluate("window.__pwned") is None
