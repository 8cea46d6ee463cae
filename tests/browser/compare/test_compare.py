"""Runs beside each other: what differs, curves over each other, parallel coordinates, scatter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.notebook import LOAD
from tests.browser.screens import CompareScreen
from tests.browser.training import make_run, make_sweep

if TYPE_CHECKING:
    from tests.browser.conftest import NotebookMaker
    from tests.browser.notebook import Notebook

SHOW = """from aml_magics import Run, Workspace
from aml_magics.widgets import CompareRuns
workspace = Workspace.from_config()
compared = CompareRuns([Run.get(workspace, one) for one in {ids!r}])
compared"""

DRAWN = """%%aml_run drawn --experiment {experiment} --param depth=1
import matplotlib.pyplot as plt
for step in range(3):
    figure, axes = plt.subplots(figsize=(1, 1))
    run.log_image("sample", plot=figure, description=f"epoch {{step}}")
    plt.close(figure)"""


def _three(notebook: NotebookMaker) -> tuple[Notebook, list[str]]:
    opened = notebook()
    made = [
        make_run(opened.file.stem, name, lr=rate, depth=depth)
        for name, rate, depth in (("ann", 0.1, 2), ("bobby", 0.2, 4), ("cid", 0.4, 8))
    ]
    ids = [run.id for run in made]
    opened.write([LOAD, SHOW.format(ids=ids), f"%aml compare {' '.join(ids)}"])
    return opened.open(), ids


def test_a_comparison_shows_what_differs_and_draws_curves_over_each_other(
    notebook: NotebookMaker,
) -> None:
    opened, _ = _three(notebook)
    opened.run(0, 2)
    compare = CompareScreen(opened.output(2))

    expect(compare.runs).to_have_count(3)
    values = compare.tab("Table")
    expect(values.get_by_role("row").filter(has_text="lr")).to_contain_text("0.1")
    expect(values.get_by_label("best").first).to_be_visible()
    curves = compare.tab("Curves")
    loss = curves.locator(".aml-chart", has=opened.page.get_by_text("loss", exact=True)).first
    plot = loss.locator(".aml-chart-plot")
    for name in ("ann", "bobby", "cid"):
        expect(plot).to_have_attribute("aria-label", re.compile(rf"{name}: 30 points"))
    curves.get_by_label("Baseline").select_option(index=1)
    curves.get_by_label("log y").check()
    compare.runs.get_by_role("button", name=re.compile("bobby$")).first.click()
    expect(plot).not_to_have_attribute("aria-label", re.compile("bobby"))
    scatter = compare.tab("Scatter")
    expect(scatter.locator("circle")).to_have_count(3)
    scatter.get_by_label("y axis").select_option("metrics.loss")
    expect(scatter.get_by_role("status")).to_contain_text("The best is")
    scatter.locator("circle").first.focus()
    opened.page.keyboard.press("ArrowRight")
    expect(scatter.locator("circle:focus")).to_have_attribute("aria-label", re.compile("#2 bobby"))


def test_brushing_an_axis_selects_runs_in_python(notebook: NotebookMaker) -> None:
    opened, ids = _three(notebook)
    opened.run(0, 1)
    compare = CompareScreen(opened.output(1))
    parallel = compare.tab("Parallel")
    picture = parallel.locator("svg.aml-parallel")
    expect(picture.locator(".aml-axis").first).to_be_visible()
    axis = picture.locator(".aml-axis", has_text="depth")
    picture.scroll_into_view_if_needed()
    box = axis.locator("path").first.bounding_box()
    assert box is not None
    page = opened.page

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.75, steps=6)
    page.mouse.up()

    expect(parallel.get_by_role("status")).to_contain_text("2 of 3 runs")
    opened.expect_value("sorted(compared.selected)", sorted(ids[1:]))
    assert opened.value("sorted(run.name for run in compared.selected_runs())") == ["bobby", "cid"]
    assert opened.value("sorted(compared.dataframe(selected=True)['name'])") == ["bobby", "cid"]
    expect(picture.locator(".aml-line.aml-out")).to_have_count(1)


def test_all_runs_of_an_experiment_are_compared_by_what_matters(notebook: NotebookMaker) -> None:
    opened = notebook()
    made = make_sweep(opened.file.stem, 40)
    opened.write([LOAD, f"%aml compare --experiment {opened.file.stem} --goal loss:min"])
    opened.open().run(0, 1)
    compare = CompareScreen(opened.output(1))

    values = compare.tab("Table")
    expect(values).to_contain_text("The 20 best of 40 runs by loss.")
    values.get_by_label("Baseline").select_option(made[0].id)
    expect(values.get_by_role("row").filter(has_text="loss")).to_contain_text("better")
    parallel = compare.tab("Parallel")
    expect(parallel.locator(".aml-line")).to_have_count(40)
    names = parallel.locator(".aml-axis-name title")
    assert names.all_text_contents() == ["lr", "depth", "loss"]
    expect(parallel.locator(".aml-levels")).to_contain_text("Colour: loss")
    best = compare.tab("Best so far")
    expect(best.locator("circle")).to_have_count(40)
    expect(best.get_by_role("status")).to_contain_text("loss over started. The best is")
    matter = compare.tab("Importance")
    expect(matter.get_by_role("rowheader", name="lr", exact=True)).to_be_visible()
    make_run(opened.file.stem, "one more", lr=0.5, depth=3)  # it is followed
    parallel = compare.tab("Parallel")
    expect(parallel.locator(".aml-line")).to_have_count(41)


def test_groups_of_runs_are_drawn_as_mean_and_band_and_images_by_step(
    notebook: NotebookMaker,
) -> None:
    opened = notebook()
    for depth in (1, 1, 2):
        make_run(opened.file.stem, f"run of {depth}", depth=depth)
    opened.write(
        [
            LOAD,
            DRAWN.format(experiment=opened.file.stem),
            f"%aml compare --experiment {opened.file.stem}",
        ]
    )
    opened.open().run(0, 1, 2)
    compare = CompareScreen(opened.output(2))

    curves = compare.tab("Curves")
    curves.get_by_label("Group by").select_option("params.depth")
    loss = curves.locator(".aml-chart", has=opened.page.get_by_text("loss", exact=True)).first
    expect(loss.locator(".aml-chart-plot")).to_have_attribute(
        "aria-label", re.compile(r"depth = 1 \(2 runs\): 30 points.* depth = 2 \(1 run\)")
    )
    images = compare.tab("Images")
    image = images.get_by_role("img", name=re.compile("drawn"))
    expect(image).to_be_visible()
    expect(images).to_contain_text("epoch 2")
    images.get_by_label("step").fill("0")
    expect(images).to_contain_text("epoch 0")
