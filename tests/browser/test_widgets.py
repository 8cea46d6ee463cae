"""The panels as ipywidgets in JupyterLab: alone, within other widgets, and with Python beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.notebook import LOAD
from tests.browser.screens import CompareScreen, RunScreen, TableScreen
from tests.browser.training import make_run

if TYPE_CHECKING:
    from tests.browser.conftest import NotebookMaker
    from tests.browser.notebook import Notebook

MADE = """from ipywidgets import VBox
from aml_magics import Experiment, Run, Workspace
from aml_magics.widgets import CompareRuns, RunTable, RunWidget
workspace = Workspace.from_config()
experiment = {experiment!r}
ended = [Run.get(workspace, one) for one in {ids!r}]"""
START = """run = Experiment(workspace, experiment).start_logging(display_name="live")
for step in range(10): run.log("loss", 1 / (step + 1))"""


def _three(notebook: NotebookMaker, *cells: str) -> tuple[Notebook, list[str]]:
    opened = notebook()
    ids = [make_run(opened.file.stem, name, lr=0.1).id for name in ("ann", "bobby", "cid")]
    made = MADE.format(experiment=opened.file.stem, ids=ids)
    opened.write([LOAD, made, *cells]).open().run(0, 1)
    return opened, ids


def test_a_run_widget_follows_its_run_alone_and_within_a_box(notebook: NotebookMaker) -> None:
    opened, _ = _three(
        notebook,
        START,
        "alone = RunWidget(run)\nalone",
        "boxed = RunWidget(run)\nVBox([boxed])",
        "from aml_magics.widgets import RunDetails\nRunDetails(run).show()",
        "run.log('loss', 0.5)",
        "run.complete()",
    )
    opened.run(2, 3, 4, 5)
    panels = [RunScreen(opened.output(cell)) for cell in (3, 4, 5)]
    for panel in panels:
        panel.look()
        expect(panel.status).to_contain_text("Running")
        panel.expect_points("loss", 10)

    opened.run(6)
    for panel in panels:
        panel.look()
        panel.expect_points("loss", 11)
    opened.run(7)
    for panel in panels:
        panel.look()
        expect(panel.status).to_contain_text("Completed")
    opened.expect_value("(alone.status, boxed.status)", ("Completed", "Completed"))


def test_widgets_in_a_row_share_its_width(notebook: NotebookMaker) -> None:
    opened, _ = _three(
        notebook,
        "from ipywidgets import Button, HBox\nHBox([RunWidget(ended[0])])",
        "HBox([RunTable(ended), RunWidget(ended[0])])",
        "HBox([Button(description='mine'), RunWidget(ended[0])])",
    )
    opened.run(2, 3, 4)
    for cell, shares in ((2, [0.9]), (3, [0.35, 0.35]), (4, [0.5])):
        screens = opened.output(cell).locator(".aml-widget")
        expect(screens).to_have_count(len(shares))
        row = opened.output(cell).locator(".widget-hbox").bounding_box()
        assert row is not None
        for place, share in enumerate(shares):
            screen = screens.nth(place).bounding_box()
            assert screen is not None
            assert screen["width"] >= share * row["width"]
            assert screen["x"] + screen["width"] <= row["x"] + row["width"] + 1


def test_a_table_is_filtered_and_its_selection_goes_both_ways(notebook: NotebookMaker) -> None:
    opened, ids = _three(
        notebook,
        "table = RunTable(experiment=experiment)\ntable",
        "boxed = RunTable(experiment=experiment)\nVBox([boxed])",
    )
    opened.run(2, 3)
    for cell, name in ((2, "table"), (3, "boxed")):
        table = TableScreen(opened.output(cell))
        expect(table.rows).to_have_count(3)

        table.pick("ann")
        opened.expect_value(f"{name}.selected", [ids[0]])
        opened.execute(f"{name}.selected = {ids[1:]!r}")
        expect(table.row("cid")).to_have_attribute("aria-selected", "true")
        expect(table.row("ann")).to_have_attribute("aria-selected", "false")
        table.pick("bobby")
        opened.expect_value(f"[run.name for run in {name}.selected_runs()]", ["cid"])
        assert opened.value(f"list({name}.dataframe(selected=True)['name'])") == ["cid"]
        table.filter.fill("name in (ann, cid) and created > 2024-05-01")
        expect(table.rows).to_have_count(2)
        table.filter.fill("name in (")
        expect(table.problem).to_contain_text("lacks a value")
        table.filter.fill("")
        expect(table.rows).to_have_count(3)


def test_a_comparison_and_a_drawer_open_within_a_box(notebook: NotebookMaker) -> None:
    opened, _ = _three(notebook, "both = VBox([CompareRuns(ended), RunTable(ended)])\nboth")
    opened.run(2)
    compare = CompareScreen(opened.output(2))
    expect(compare.runs).to_have_count(3)
    expect(compare.tab("Curves").locator(".aml-chart").first).to_be_visible()
    table = TableScreen(opened.output(2))
    expect(table.rows).to_have_count(3)

    table.row("ann").locator(".aml-open").click()
    panel = RunScreen(table.root)
    expect(panel.name).to_have_text("ann")
    panel.expect_points("loss", 30)
    expect(panel.tab("Snapshot")).to_contain_text("no snapshot")


def test_a_saved_widget_is_drawn_from_its_output(notebook: NotebookMaker) -> None:
    opened, _ = _three(notebook, "RunWidget(ended[0])", "RunTable(ended)")
    opened.run(2, 3)
    RunScreen(opened.output(2)).expect_points("loss", 30)
    opened.save().end_session()
    opened.reload()

    RunScreen(opened.output(2)).expect_points("loss", 30)
    table = TableScreen(opened.output(3))
    expect(table.rows).to_have_count(3)
    table.pick("ann")
    expect(table.count).to_contain_text("1 selected")
    assert opened.file.stat().st_size < 100_000
