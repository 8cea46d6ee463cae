"""The panel of a run below its cell, live and afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.notebook import LOAD
from tests.browser.screens import RunScreen
from tests.browser.training import LIVE, RICH, make_run

if TYPE_CHECKING:
    from tests.browser.conftest import NotebookMaker
    from tests.browser.notebook import Notebook


def _panel(notebook: Notebook, cell: int = 1) -> RunScreen:
    return RunScreen(notebook.output(cell))


def test_a_run_is_followed_while_its_cell_runs(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, LIVE).open().run(0).start(1)
    panel = _panel(opened)

    expect(panel.status).to_contain_text("Running")
    expect(panel.name).to_have_text("live")
    panel.expect_points("loss", r"\d{2,}")
    expect(panel.table("Parameters")).to_contain_text("lr0.1")
    expect(panel.table("Tags")).to_contain_text("kindlive")
    expect(panel.table("Metrics").get_by_role("row", name="loss")).to_be_visible()
    log = panel.tab("Log")
    expect(log.locator(".aml-log-line").last).to_have_text(re.compile(r"^step \d{2,}"))
    before = log.locator(".aml-log-line").last.inner_text()
    expect(log.locator(".aml-log-line").last).not_to_have_text(before)
    panel.tab("Overview")
    opened.let_go()

    expect(panel.status).to_contain_text("Completed")
    opened.wait_until_idle()
    assert opened.value("(run.status, is_finished)") == ("Completed", True)
    panel.expect_points("loss", opened.value("len(run.get_metrics()['loss'])"))
    last = opened.value("step") - 1
    expect(panel.tab("Log").locator(".aml-log-line").last).to_have_text(re.compile(f"^step {last}"))


def test_a_long_log_opens_at_its_end_and_is_followed_from_there(notebook: NotebookMaker) -> None:
    lines = "for line in range(8000):\n    print('line', line, 'of a long log')\n"
    first, rest = LIVE.split("\n", 1)
    opened = notebook(LOAD, f"{first}\n{lines}{rest}").open().run(0).start(1)
    panel = _panel(opened)
    panel.expect_points("loss", r"\d+")

    log = panel.tab("Log")
    expect(log.get_by_role("button", name="Load earlier lines")).to_be_attached()
    last = log.locator(".aml-log-line").last
    expect(last).to_have_text(re.compile("^step"))
    before = last.inner_text()
    expect(last).not_to_have_text(before)
    expect(log.get_by_role("button", name=re.compile("^follow"))).to_be_hidden()
    log.get_by_role("searchbox").fill("of a long log")
    expect(log.get_by_role("search")).to_contain_text("8,000 found")
    log.get_by_role("searchbox").press("Enter")
    expect(log.get_by_role("search")).to_contain_text("1 of 8,000, line 1")
    expect(log.locator(".aml-log-at")).to_have_text("line 0 of a long log")
    opened.let_go().wait_until_idle()


def test_the_times_of_a_log_are_shown_at_will_and_so_they_stay(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, LIVE).open().run(0).start(1)
    log = _panel(opened).tab("Log")
    last = log.locator(".aml-log-line").last
    expect(last).to_have_text(re.compile(r"^step \d+"))
    log.get_by_label("timestamps").press("Space")
    expect(last).to_have_text(re.compile(r"^\d\d:\d\d:\d\d step \d+"))
    before = last.inner_text()
    expect(last).not_to_have_text(before)
    expect(last.locator("time")).to_have_attribute("title", re.compile(r"^20\d\d-\d\d-\d\d "))
    opened.let_go().wait_until_idle().save().reload()

    log = _panel(opened).tab("Log")
    expect(log.get_by_label("timestamps")).to_be_checked()
    expect(last).to_have_text(re.compile(r"^\d\d:\d\d:\d\d step \d+"))


def test_cancel_ends_the_run_while_its_cell_is_busy(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, LIVE, "after = 1").open().run(0).start(1)
    panel = _panel(opened)
    panel.expect_points("loss", r"\d+")

    panel.cancel.click()

    expect(panel.status).to_contain_text("Canceled")
    opened.wait_until_idle()
    assert opened.value("run.status") == "Canceled"
    assert opened.value("'is_finished' in globals()") is False
    expect(panel.cancel).to_be_hidden()
    opened.run(2)
    assert opened.value("after") == 1


def test_curves_are_zoomed_smoothed_and_drawn_over_other_axes(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, RICH).open().run(0, 1)
    panel = _panel(opened)
    panel.expect_points("loss", 100)
    curve, plot = panel.curve("loss"), panel.plot("loss")
    reset = curve.get_by_role("button", name="Reset zoom")
    expect(reset).to_be_hidden()

    plot.scroll_into_view_if_needed()
    box = plot.locator("canvas").bounding_box()
    assert box is not None
    page = opened.page
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 20, steps=5)
    page.mouse.up()
    expect(reset).to_be_visible()
    reset.click()
    expect(reset).to_be_hidden()
    plot.press("+")
    expect(reset).to_be_visible()
    plot.press("Escape")
    expect(reset).to_be_hidden()

    controls = panel.root.get_by_role("group", name="How curves are drawn")
    value = curve.locator(".aml-chart-value")
    plot.hover()
    expect(value).to_have_text(re.compile(r"^[\d.]+$"))
    controls.get_by_label("smoothing").fill("0.9")
    plot.press("End")
    expect(value).to_have_text(re.compile(r"^[\d.]+ \([\d.]+\)$"))  # smoothed, and as logged
    controls.get_by_label("log y").check()
    for axis in ("time", "epoch", "step"):
        controls.get_by_role("combobox").select_option(axis)
        plot.press("End")
        expect(curve.locator(".aml-chart-x")).to_have_text(re.compile(rf"^{axis} "))
    curve.get_by_role("button", name="Table").click()
    expect(curve.locator(".aml-chart-table tbody tr")).to_have_count(100)
    curve.get_by_role("button", name="Expand loss").click()
    expect(curve).to_have_class(re.compile("aml-run-wide"))


def test_whatever_a_run_logged_is_drawn(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, RICH).open().run(0, 1)
    panel = _panel(opened)
    root = panel.root

    expect(root).to_contain_text("All that can be logged.")
    expect(panel.table("Parameters")).to_contain_text("depth3")
    expect(panel.table("Metrics").get_by_role("row", name="final score")).to_contain_text("0.9375")
    expect(root.get_by_role("region", name="weights")).to_contain_text("0.125")
    expect(root.get_by_role("region", name="folds").locator("tbody tr")).to_have_count(3)
    expect(root.get_by_role("region", name="scores")).to_contain_text("bob")
    matrix = root.get_by_role("region", name="confusion")
    expect(matrix.locator("tbody tr")).to_have_count(2)
    expect(matrix).to_contain_text("cat")
    image = root.locator("img.aml-image")
    around = root.locator(".aml-run-thing", has=opened.page.get_by_role("heading", name="picture"))
    around.scroll_into_view_if_needed()  # the image is asked for once its place can be seen
    expect(image).to_be_visible()
    assert image.evaluate("image => image.naturalWidth") > 0
    charts = root.locator(".aml-logged-charts .aml-chart-plot")
    expect(charts.first).to_be_attached()
    labels = " ".join(charts.evaluate_all("all => all.map(one => one.ariaLabel)"))
    for word in ("ROC", "recall", "calibration", "esidual", "redict"):
        assert word.lower() in labels.lower(), labels
    expect(panel.table("Child runs")).to_contain_text("a child")


def test_log_files_snapshot_and_difference_are_a_tab_away(notebook: NotebookMaker) -> None:
    opened = notebook(LOAD, RICH, RICH.replace("lr=0.1", "lr=0.2")).open().run(0, 1, 2)
    panel = _panel(opened, 2)
    expect(panel.status).to_contain_text("Completed")

    log = panel.tab("Log")
    expect(log.locator(".aml-log-error")).to_have_text(re.compile("ERROR: a bad line"))
    expect(log.get_by_role("button", name="next error (1)")).to_be_visible()
    files = panel.tab("Files")
    files.get_by_role("button", name="notes.txt").click()
    expect(files.locator(".aml-run-preview", has_text="a note of the run")).to_be_visible()
    files.get_by_role("button", name="rows.csv").click()
    expect(files.locator(".aml-run-preview td", has_text="4")).to_be_visible()
    with opened.page.expect_download() as downloading:
        files.get_by_role("link", name="Download notes.txt").click()
    assert downloading.value.path().read_text() == "a note of the run\n"
    snapshot = panel.tab("Snapshot")
    expect(snapshot).to_contain_text('run.log("loss", math.exp(')
    compare = panel.tab("Compare")
    change = compare.get_by_role("row").filter(has_text="lr")
    expect(change).to_contain_text("0.1")
    expect(change).to_contain_text("0.2")


def test_the_best_and_the_previous_run_stand_behind_a_curve(
    notebook: NotebookMaker, page: object
) -> None:
    opened = notebook(LOAD, "%%aml_run now\nfor i in range(30): run.log('loss', 1 / (i + 1))")
    experiment = opened.file.stem
    make_run(experiment, "the best one")
    make_run(experiment, "before")
    opened.open().run(0, 1)
    panel = _panel(opened)
    panel.expect_points("loss", 30)

    choice = panel.root.get_by_role("group", name="Compare with")
    choice.get_by_label("previous").check()
    legend = panel.curve("loss").locator(".aml-chart-legend")
    expect(legend).to_contain_text("previous: run 2")
    choice.get_by_label("best").check()
    expect(legend).to_contain_text("best: run")
