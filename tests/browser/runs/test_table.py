"""The table of runs: found, sorted, chosen, taken to Python, and long."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from aml_magics import Experiment
from tests.browser.notebook import LOAD
from tests.browser.screens import CompareScreen, TableScreen
from tests.browser.training import make_run, make_sweep, workspace

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.conftest import NotebookMaker
    from tests.browser.notebook import Notebook


def _table(opened: Notebook, cell: int = 1) -> TableScreen:
    return TableScreen(opened.output(cell))


def _shows(opened: Notebook, experiment: str) -> TableScreen:
    opened.open().run(0, 1)
    table = _table(opened)
    expect(table.grid).to_be_visible()
    assert experiment
    return table


def test_rows_are_sorted_filtered_grouped_and_their_columns_chosen(
    notebook: NotebookMaker,
) -> None:
    opened = notebook(LOAD, "")
    experiment = opened.file.stem
    for name, rate in (("ann", 0.1), ("bob", 0.3), ("cid", 0.2)):
        make_run(experiment, name, lr=rate)
    opened.write([LOAD, f"%aml runs --experiment {experiment}"])
    table = _shows(opened, experiment)
    expect(table.rows).to_have_count(3)
    assert table.names() == ["cid", "bob", "ann"]
    expect(table.row("bob").locator("svg")).to_have_count(2)  # a sparkline for each metric

    table.head("lr").click()
    expect(table.head("lr")).to_have_attribute("aria-sort", "ascending")
    assert table.names() == ["ann", "cid", "bob"]
    table.head("lr").click()
    expect(table.head("lr")).to_have_attribute("aria-sort", "descending")
    assert table.names() == ["bob", "cid", "ann"]
    table.filter.fill("params.lr < 0.25")
    expect(table.rows).to_have_count(2)
    table.filter.fill("params.lr <")
    expect(table.problem).not_to_be_empty()
    table.filter.fill("bo")
    expect(table.rows).to_have_count(1)
    expect(table.count).to_contain_text("1 of 3 runs")
    table.filter.fill("")
    expect(table.rows).to_have_count(3)
    table.root.get_by_role("button", name="Columns").click()
    table.root.get_by_role("checkbox", name="params.lr").uncheck()
    expect(table.head("lr")).to_have_count(0)
    table.root.get_by_role("checkbox", name="Experiment").check()
    expect(table.head("Experiment")).to_be_visible()
    opened.page.keyboard.press("Escape")
    table.root.get_by_label("Group by").select_option("experiment")
    expect(table.rows.first).to_contain_text(f"{experiment} (3)")
    table.grid.evaluate("grid => grid.style.width = '480px'")
    table.grid.evaluate("grid => grid.scrollLeft = 9999")
    group = table.rows.first.get_by_role("gridcell").first.bounding_box()
    around = table.grid.bounding_box()
    assert group is not None
    assert around is not None
    assert around["x"] <= group["x"] < around["x"] + 10  # its name did not leave with its columns


def test_a_table_that_is_not_all_here_searches_all_runs_and_says_what_no_run_has(
    notebook: NotebookMaker,
) -> None:
    opened = notebook(LOAD, "")
    experiment = opened.file.stem
    make_run(experiment, "oldest", lr=0.001).add_properties({"origin": "by hand"})
    make_sweep(experiment, 120)
    opened.write([LOAD, f"%aml runs --experiment {experiment} --limit 100"])
    table = _shows(opened, experiment)
    expect(table.count).to_contain_text("100 of 121 runs")
    table.filter.fill("oldest")
    expect(table.count).to_contain_text("1 of 121 runs")
    table.filter.fill("")
    table.head("lr").click()  # asks the store for all of them
    expect(table.count).to_contain_text("121 runs")
    expect(table.rows.first).to_contain_text("oldest")

    table.filter.fill("name = oldest and status = COMPLETED")
    expect(table.count).to_contain_text("1 of 121 runs")
    assert table.names() == ["oldest"]
    table.filter.fill("metrics.acuracy > 0")
    expect(table.problem).to_contain_text("has metrics.acuracy. Did you mean 'accuracy'?")
    table.filter.fill("metrics.accuracy > high")
    expect(table.problem).to_contain_text("metrics.accuracy has values such as")
    table.filter.fill("status = done")
    expect(table.problem).to_contain_text("no status 'done'")
    table.filter.fill("created > 2024-05-01 and properties.origin in (sweep, 'by hand')")
    expect(table.count).to_contain_text("1 of 121 runs")
    table.filter.fill("created > 2024-05-01 and name != oldest")
    expect(table.count).to_contain_text("120 of 121 runs")
    table.filter.fill("name not in ('trial 0000') and created < 2024-05-01")
    expect(table.count).to_contain_text("0 of 121 runs")
    table.filter.fill("name <> and (")
    expect(table.problem).to_contain_text("The filter 'name <> and (' goes on unexpectedly at '('")
    table.filter.fill("")
    expect(table.problem).to_be_empty()


def test_selected_rows_are_compared_and_become_a_data_frame(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, "")
    experiment = opened.file.stem
    for name in ("ann", "bob", "cid"):
        make_run(experiment, name, lr=0.1)
    opened.write([LOAD, f"%aml runs --experiment {experiment}"])
    table = _shows(opened, experiment)
    expect(table.button("Compare all 3")).to_be_visible()
    table.pick("ann")
    expect(table.button("Compare")).to_have_attribute("aria-disabled", "true")

    table.pick("cid")
    expect(table.row("ann")).to_have_attribute("aria-selected", "true")
    expect(table.count).to_contain_text("2 selected")
    table.button("To DataFrame").click()
    expect(opened.page.locator(".jp-Notebook .jp-Cell")).to_have_count(3)
    expect(opened.cell(2)).to_contain_text("%aml runs")
    opened.wait_until_idle()
    assert sorted(opened.value("list(runs['name'])")) == ["ann", "cid"]
    assert opened.value("type(runs).__name__") == "DataFrame"

    table.button("Compare").click()
    compare = CompareScreen(opened.page.locator(".aml-lab-screen"))
    expect(compare.runs).to_have_count(2)


def test_the_table_is_used_by_keyboard(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, "")
    experiment = opened.file.stem
    make_sweep(experiment, 5)
    opened.write([LOAD, f"%aml runs --experiment {experiment}"])
    table = _shows(opened, experiment)
    page = opened.page
    table.filter.focus()
    for _ in range(12):  # through the buttons to the one cell that Tab leads to
        page.keyboard.press("Tab")
        if table.grid.evaluate("grid => grid.contains(document.activeElement)"):
            break

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Control+End")
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    expect(table.count).to_contain_text("2 selected")
    expect(table.row("trial 0000")).to_have_attribute("aria-selected", "true")
    expect(table.row("trial 0004")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    screen = page.locator(".aml-lab-screen .aml-run")
    expect(screen.locator(".aml-run-name")).to_have_text("trial 0000")


def test_runs_that_come_and_go_on_change_the_table_in_place(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, "")
    experiment = opened.file.stem
    make_run(experiment, "ann", lr=0.1)
    opened.write([LOAD, f"%aml runs --experiment {experiment}"])
    table = _shows(opened, experiment)
    expect(table.rows).to_have_count(1)
    table.pick("ann")

    run = Experiment(workspace(), experiment).start_logging(display_name="bob")
    expect(table.row("bob")).to_contain_text("Running")
    run.log("accuracy", 0.5)
    expect(table.row("bob")).to_contain_text("0.5")
    run.complete()
    expect(table.row("bob")).to_contain_text("Completed")
    expect(table.count).to_have_text("2 runs, 1 selected")


def test_2000_rows_are_scrolled_without_a_blank_and_saved_as_csv(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, "")
    experiment = opened.file.stem
    make_sweep(experiment, 2_000)
    opened.write([LOAD, f"%aml runs --experiment {experiment}"])
    table = _shows(opened, experiment)
    expect(table.count).to_contain_text("2,000 runs")
    expect(table.grid).to_have_attribute("aria-rowcount", "2001")

    assert _blank_looks(table.grid) == []
    expect(table.row("trial 0000")).to_be_visible()
    assert table.rows.count() < 200
    with opened.page.expect_download() as downloading:
        table.root.get_by_role("button", name="More").click()
        table.root.get_by_role("menuitem", name="Save as CSV").click()
    rows = list(csv.DictReader(io.StringIO(downloading.value.path().read_text("utf-8-sig"))))
    assert len(rows) == 2_000
    assert {row["name"] for row in rows} >= {"trial 0000", "trial 1999"}


def _blank_looks(grid: Locator) -> list[int]:
    """Scroll through all rows; the steps after which a part of the table had no row."""
    return grid.evaluate("""async grid => {
      const frame = () => new Promise(done => requestAnimationFrame(done));
      const blank = [];
      for (let step = 0; step <= 50; step += 1) {
        grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * step / 50;
        await frame();
        await frame();
        const box = grid.getBoundingClientRect();
        for (const share of [0.3, 0.6, 0.9]) {
          const spot = document.elementFromPoint(box.left + 120, box.top + box.height * share);
          const row = spot?.closest('[role=row]');
          if (!row || !row.textContent) { blank.push(step); break; }
        }
      }
      return blank;
    }""")
