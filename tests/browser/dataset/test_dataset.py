"""The screen of a dataset: rows by page, columns, versions, and the side panel that leads to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aml_magics import Experiment
from tests.browser.data import make_hostile, make_people
from tests.browser.notebook import LOAD
from tests.browser.screens import DatasetScreen, RunScreen, expect_harmless
from tests.browser.test_accessibility import _violations
from tests.browser.training import HOSTILE, workspace

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import NotebookMaker
    from tests.browser.notebook import Notebook
    from tests.fixtures.lab import Lab


def _shown(opened: Notebook, line: str) -> DatasetScreen:
    opened.write([LOAD, line]).open().run(0, 1)
    screen = DatasetScreen(opened.output(1))
    expect(screen.name).to_be_visible()
    return screen


def _side_panel(page: Page) -> Locator:
    panel = page.locator("#aml-magics-panel")
    if not panel.is_visible():
        page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    expect(panel).to_be_visible()
    return panel


def _data_in_side_panel(page: Page) -> Locator:
    data = _side_panel(page).get_by_role("region", name="Data", exact=True)
    data.get_by_role("button", expanded=False).click()
    expect(data.get_by_role("region", name="Datastores")).to_be_visible()
    return data


def test_rows_are_paged_sorted_and_filtered(notebook: NotebookMaker, tmp_path: Path) -> None:
    opened = notebook()
    make_people(tmp_path, opened.file.stem)
    screen = _shown(opened, f"%aml dataset {opened.file.stem}")
    expect(screen.count).to_contain_text("1,000 rows, 6 columns")
    expect(screen.head("age")).to_contain_text("integer")
    expect(screen.row(1)).to_contain_text("Oslo")

    screen.grid.evaluate("grid => { grid.scrollTop = 28 * 500; }")
    expect(screen.row(505)).to_contain_text("504.001")
    screen.sort("id")
    expect(screen.head("id")).to_have_attribute("aria-sort", "ascending")
    screen.sort("id")
    expect(screen.head("id")).to_have_attribute("aria-sort", "descending")
    expect(screen.row(1)).to_contain_text("999.001")
    screen.filter.fill("age > 80 and city = 'Bonn'")
    expect(screen.count).to_contain_text(re.compile(r"^\d+ of 1,000 rows"))
    expect(screen.row(1)).to_contain_text("Bonn")
    screen.filter.fill("age >")
    expect(screen.problem).to_contain_text("filter")
    expect(screen.filter).to_have_attribute("aria-invalid", "true")
    screen.filter.fill("nothing = 1")
    expect(screen.problem).to_contain_text("nothing")
    screen.filter.fill("")
    expect(screen.count).to_contain_text("1,000 rows")


def test_the_rows_are_used_by_keyboard(notebook: NotebookMaker, tmp_path: Path) -> None:
    opened = notebook()
    make_people(tmp_path, opened.file.stem)
    screen = _shown(opened, f"%aml dataset {opened.file.stem}")
    page = opened.page
    screen.filter.focus()
    for _ in range(5):
        page.keyboard.press("Tab")
        if screen.grid.evaluate("grid => grid.contains(document.activeElement)"):
            break

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+End")
    focused = page.locator(":focus")
    expect(focused).to_have_text("999.001")
    page.keyboard.press("Control+Home")
    expect(focused).to_have_text("1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(screen.head("id")).to_have_attribute("aria-sort", "ascending")
    page.keyboard.press("Shift+Tab")
    assert not screen.grid.evaluate("grid => grid.contains(document.activeElement)")


def test_a_wide_table_is_scrolled_without_a_blank(notebook: NotebookMaker, tmp_path: Path) -> None:
    opened = notebook()
    make_people(tmp_path, opened.file.stem, columns=150)
    screen = _shown(opened, f"%aml dataset {opened.file.stem}")
    expect(screen.grid).to_have_attribute("aria-colcount", "155")

    blank = screen.grid.evaluate("""async grid => {
      const frame = () => new Promise(done => requestAnimationFrame(done));
      const blank = [];
      for (let step = 0; step <= 40; step += 1) {
        grid.scrollLeft = (grid.scrollWidth - grid.clientWidth) * step / 40;
        grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * step / 40;
        await frame();
        await frame();
        const box = grid.getBoundingClientRect();
        for (const share of [0.3, 0.6, 0.9]) {
          const spot = document.elementFromPoint(box.left + box.width * share, box.top + box.height * share);
          if (!spot?.closest('[role=gridcell]')) { blank.push(step); break; }
        }
      }
      return blank;
    }""")

    assert blank == []
    assert screen.grid.locator(".aml-cell").count() < 2_500
    expect(screen.row(1_000)).to_contain_text("999.149")


def test_columns_have_their_figures_and_are_counted_on_request(
    notebook: NotebookMaker, tmp_path: Path
) -> None:
    opened = notebook()
    make_people(tmp_path, opened.file.stem, rows=3_000, columns=12)
    screen = _shown(opened, f"%aml dataset {opened.file.stem}")
    columns = screen.tab("Columns")

    expect(screen.columns).to_have_count(16)
    expect(screen.column("age")).to_contain_text("none missing")
    drawn = screen.column("age").get_by_role("img")
    expect(drawn).to_have_attribute("aria-label", re.compile(r"^Histogram of age: \d+ bars from "))
    expect(screen.column("city").get_by_role("list")).to_contain_text("Bergen")
    columns.get_by_role("searchbox").fill("f1")
    expect(screen.columns).to_have_count(3)
    columns.get_by_role("searchbox").fill("")
    exact = columns.get_by_role("button", name="Exact counts")
    if exact.is_visible():
        exact.click()
    expect(exact).to_have_count(0)
    expect(screen.column("id")).to_contain_text(re.compile(r"distinct\s*3,000"))


def test_a_bar_in_the_head_of_a_column_filters(notebook: NotebookMaker, tmp_path: Path) -> None:
    opened = notebook()
    make_people(tmp_path, opened.file.stem)
    screen = _shown(opened, f"%aml dataset {opened.file.stem}")
    expect(screen.head("id")).to_contain_text("unique")
    screen.head("city").get_by_role("button", name=re.compile("Show rows with Bonn")).click()
    conditions = screen.root.get_by_role("list", name="Conditions of the filter")
    expect(conditions).to_contain_text("city = 'Bonn'")
    expect(screen.count).to_contain_text("200 of 1,000 rows")
    bars = screen.head("age").get_by_role("slider")
    box = bars.bounding_box()
    assert box is not None
    opened.page.mouse.move(box["x"] + 2, box["y"] + 20)
    opened.page.mouse.down()
    opened.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=4)
    opened.page.mouse.up()
    expect(conditions).to_contain_text("age >= 0 and age <= ")
    expect(screen.count).not_to_contain_text("200 of")
    for _ in range(2):
        conditions.get_by_role("button").first.click()
    expect(screen.count).to_contain_text(re.compile("^1,000 rows"))
    screen.head("age").click(position={"x": 5, "y": 8})
    opened.page.keyboard.press("F2")
    opened.page.keyboard.press("ArrowRight")
    opened.page.keyboard.press("Enter")
    expect(conditions).to_contain_text("age >= 5 and age <= 9")


def test_rows_of_two_versions_are_compared(notebook: NotebookMaker, tmp_path: Path) -> None:
    opened = notebook()
    name = opened.file.stem
    make_people(tmp_path, name)
    make_people(tmp_path, name, rows=1_200, add=20)
    screen = _shown(opened, f"%aml dataset {name}")
    versions = screen.tab("Versions")
    versions.get_by_role("button", name="Row by row").click()

    expect(versions).to_contain_text("1,000 rows → 1,200 rows: 200 added, 0 removed, 1,000 changed")
    expect(versions).to_contain_text("Key: id")
    expect(screen.row(2)).to_contain_text("7 → 27")
    versions.get_by_role("button", name="Added 200").click()
    expect(screen.grid).to_have_attribute("aria-rowcount", "201")
    expect(screen.row(1)).to_contain_text("1000")


def test_versions_are_compared_and_one_is_picked(notebook: NotebookMaker, tmp_path: Path) -> None:
    opened = notebook()
    name = opened.file.stem
    make_people(tmp_path, name)
    make_people(tmp_path, name, rows=1_200, add=20)
    screen = _shown(opened, f"%aml dataset {name}")
    versions = screen.tab("Versions")

    expect(versions).to_contain_text("1,000 rows → 1,200 rows")
    expect(screen.column("age")).to_contain_text("missing")
    expect(screen.column("age").get_by_role("img")).to_have_count(2)
    screen.tab("Rows")
    screen.version.select_option("1")
    expect(screen.count).to_contain_text("1,000 rows")
    opened.save()


def test_the_side_panel_leads_to_data_and_a_tab_is_there_after_a_reload(
    notebook: NotebookMaker, page: Page, lab: Lab, tmp_path: Path
) -> None:
    name = notebook().file.stem
    make_people(tmp_path, name)
    page.goto(lab.url("/lab", reset=""))
    data = _data_in_side_panel(page)
    item = data.get_by_role("button", name=name)
    expect(item).to_contain_text("1,000 rows")
    stores = data.get_by_role("region", name="Datastores")
    expect(stores).to_contain_text("workspaceblobstore")
    expect(stores.get_by_text("default", exact=True)).to_have_count(1)

    with page.expect_response(
        lambda sent: "/api/workspaces/" in sent.url and sent.request.method == "PUT"
    ):
        item.click()
    screen = DatasetScreen(page.locator(".aml-lab-screen"))
    expect(screen.name).to_have_text(name)
    expect(screen.count).to_contain_text("1,000 rows")
    box = screen.grid.bounding_box()
    assert box is not None
    assert box["height"] > 600  # a tab of its own has room for more rows

    page.goto(lab.url("/lab"))
    tab = page.locator(".lm-TabBar-tab", has_text=name)
    expect(tab).to_be_visible()
    tab.click()
    expect(screen.count).to_contain_text("1,000 rows")

    run = Experiment(workspace(), name).start_logging(display_name="makes data")
    running = page.get_by_role("region", name="Running").get_by_role("button", name="makes data")
    expect(running).to_be_visible()
    make_people(tmp_path, f"{name}_2")
    run.complete()
    expect(data.get_by_role("button", name=f"{name}_2")).to_be_visible()


def test_code_for_a_version_goes_into_the_notebook(notebook: NotebookMaker, tmp_path: Path) -> None:
    opened = notebook()
    name = opened.file.stem
    make_people(tmp_path, name)
    screen = _shown(opened, f"%aml dataset {name}")
    screen.root.get_by_role("button", name="Insert code").click()

    expect(opened.cell(2)).to_contain_text("Dataset.get_by_name")
    opened.run(2)
    assert opened.value("(dataset.name, dataset.version)") == (name, 1)
    screen.root.get_by_role("button", name="Open", exact=True).click()
    tab = DatasetScreen(opened.page.locator(".aml-lab-screen"))
    expect(tab.count).to_contain_text("1,000 rows")


def test_an_output_is_there_without_a_kernel(notebook: NotebookMaker, tmp_path: Path) -> None:
    opened = notebook()
    name = opened.file.stem
    make_people(tmp_path, name)
    preview = (
        "from aml_magics.sdk.data.dataset.dataset import Dataset\nfrom aml_magics.widgets import DatasetPreview"
        f"\nfrom aml_magics import Workspace\nDatasetPreview(Dataset.get_by_name(Workspace.from_config(), {name!r}))"
    )
    screen = _shown(opened, preview)
    expect(screen.count).to_contain_text("1,000 rows")
    opened.save().reload()

    expect(screen.count).to_contain_text("1,000 rows")
    opened.shut_kernel_down()
    screen.sort("id")
    screen.sort("id")
    expect(screen.row(1)).to_contain_text("999.001")


def test_markup_in_data_is_text(notebook: NotebookMaker, page: Page, tmp_path: Path) -> None:
    opened = notebook()
    make_hostile(tmp_path, opened.file.stem)
    screen = _shown(opened, f"%aml dataset {opened.file.stem}")

    expect(screen.row(1)).to_contain_text(HOSTILE["markup"][1][:20])
    for tab in ("Columns", "Versions", "Runs", "Rows"):
        screen.tab(tab)
    screen.grid.get_by_role("gridcell").first.click()
    for cell in screen.grid.locator(".aml-cell").all()[:12]:
        cell.hover(force=True)
    _data_in_side_panel(page)
    expect_harmless(page)


def test_a_run_that_used_it_is_opened(notebook: NotebookMaker, tmp_path: Path) -> None:
    from aml_magics.services.data import dataset as datasets

    opened = notebook()
    name = opened.file.stem
    made = make_people(tmp_path, name)
    run = Experiment(workspace(), name).start_logging(display_name="reader")
    assert made._record is not None
    datasets.use(
        workspace().store,
        run._record,
        made._record,
        role="input",
        name="train",
        mechanism="Direct",
    )
    run.complete()
    screen = _shown(opened, f"%aml dataset {name}")
    screen.tab("Runs").get_by_role("button", name="reader").click()
    expect(RunScreen(opened.page.locator(".aml-lab-screen")).name).to_have_text("reader")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_the_screen_has_no_serious_violation(
    notebook: NotebookMaker, page: Page, lab: Lab, tmp_path: Path, theme: str
) -> None:
    opened = notebook()
    name = opened.file.stem
    make_people(tmp_path, name)
    make_people(tmp_path, name, add=20)
    with lab.settings("@jupyterlab/apputils-extension:themes", theme=theme):
        screen = _shown(opened, f"%aml dataset {name}")
    expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)

    found = []
    for tab in ("Rows", "Columns", "Versions", "Runs"):
        panel = screen.tab(tab)
        expect(panel.locator("[aria-busy=true]")).to_have_count(0)
        found += _violations(page, ".aml-ui.aml-dataset")
    _data_in_side_panel(page)
    found += _violations(page, "#aml-magics-panel")

    assert sorted(set(found)) == []
