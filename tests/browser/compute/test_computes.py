"""The screen of compute targets with real runs on a pool: queue, scale, cancel, delete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aml_magics.sdk.handles import AmlCompute, ComputeTarget, Experiment, ScriptRunConfig
from tests.browser.notebook import LOAD
from tests.browser.test_accessibility import _violations
from tests.browser.training import workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics.sdk.handles import Run
    from tests.browser.conftest import NotebookMaker


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[tuple[AmlCompute, list[Run]]]:
    """A pool of one node, and three runs that would go on for ever."""
    ws = workspace()
    config = AmlCompute.provisioning_configuration(vm_size="STANDARD_DS11_V2", max_nodes=1)
    pool = ComputeTarget.create(ws, f"pool-{tmp_path.name}", config)
    (tmp_path / "forever.py").write_text("import time\nwhile True: time.sleep(1)")
    script = ScriptRunConfig(tmp_path, "forever.py", compute_target=pool)
    runs = [Experiment(ws, "pools").submit(script) for _ in range(3)]
    yield pool, runs
    for run in runs:
        run.cancel()


def test_a_queue_is_watched_widened_and_emptied(
    notebook: NotebookMaker, waiting: tuple[AmlCompute, list[Run]]
) -> None:
    pool, _ = waiting
    opened = notebook()
    opened.write([LOAD, f"%aml compute {pool.name}"]).open().run(0, 1)
    screen = opened.output(1).locator("section.aml-computes").first
    rows = screen.locator("tbody tr")

    expect(screen.get_by_role("heading", name=pool.name)).to_be_visible()
    expect(rows).to_have_count(3)
    expect(screen.get_by_text("1 of 1 nodes work, 2 in the queue")).to_be_visible()
    expect(rows.nth(0)).to_contain_text("● Running")
    expect(rows.nth(2)).to_contain_text("place 2")
    assert _violations(opened.page, "section.aml-computes") == []

    screen.get_by_role("button", name="Scale").click()
    screen.get_by_label("Nodes at most").fill("2")
    screen.get_by_role("button", name="Save").click()
    expect(screen.get_by_text("2 of 2 nodes work, 1 in the queue")).to_be_visible()
    expect(rows.nth(1)).to_contain_text("● Running")

    screen.get_by_role("button", name="Delete").click()
    screen.get_by_role("button", name="Delete", exact=True).last.click()
    expect(screen.get_by_role("alert")).to_contain_text("while runs on it have not ended")

    for left in (2, 1, 0):
        rows.last.get_by_role("button", name=re.compile("^Cancel")).click()
        expect(rows).to_have_count(left)
    expect(screen.get_by_text("No run waits or goes on.")).to_be_visible()
    expect(screen.get_by_text("0 of 2 nodes work, 2 idle")).to_be_visible()


def test_the_screen_is_opened_without_a_kernel_and_opens_runs(
    notebook: NotebookMaker, waiting: tuple[AmlCompute, list[Run]]
) -> None:
    _, runs = waiting
    opened = notebook()
    opened.open()
    opened.command("aml-magics:open-computes")
    screen = opened.page.locator("section.aml-computes").first

    expect(screen.get_by_role("heading", name="local", exact=True)).to_be_visible()
    screen.get_by_role("button", name=runs[0].display_name, exact=True).click()
    expect(opened.page.locator(".aml-run-name").first).to_contain_text(runs[0].display_name)
