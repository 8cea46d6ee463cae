"""Models in the browser: the table, a version with its lineage, what changed, and what is done with it."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aml_magics.sdk.model.model import Model
from tests.browser.notebook import LOAD
from tests.browser.screens import ModelScreen, ModelsScreen, RunScreen, expect_harmless
from tests.browser.serving import home_of, make_hostile_model, make_models
from tests.browser.training import HOSTILE, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import NotebookMaker
    from tests.fixtures.lab import Lab


@pytest.fixture(scope="module")
def name(shared_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a model of two versions, each of a run of its own."""
    with home_of(shared_lab):
        made = f"weights-{secrets.token_hex(3)}"
        make_models(made, tmp_path_factory.mktemp("models"))
        yield made


@pytest.mark.usefixtures("lab")
def test_a_model_is_found_in_the_table_and_changed_in_its_tab(
    notebook: NotebookMaker, page: Page, name: str
) -> None:
    opened = notebook(LOAD, "%aml models").open().run(0, 1)
    table = ModelsScreen(opened.output(1))
    table.filter.fill(f"name = '{name}' and metrics.score > 5")
    expect(table.root).to_contain_text("No model meets the filter.")
    table.filter.fill("name = ")
    expect(table.problem).not_to_be_empty()
    table.filter.fill(name)
    expect(table.rows).to_have_count(1)
    expect(table.row(name)).to_contain_text("run of 3")
    table.row(name).locator(".aml-open").first.click()

    model = ModelScreen(page.locator(".aml-lab-screen"))
    expect(model.name).to_have_text(name)
    expect(model.head).to_contain_text("A weight of 3.")
    model.button("Edit").click()
    model.form.get_by_label("Notes").fill("The best so far.")
    model.form.get_by_label("Tags").fill("weight=3\nteam=blue")
    model.form.get_by_label("Aliases").fill("champion")
    model.form.get_by_label("Stage").select_option("Production")
    model.form.get_by_role("button", name="Save").click()
    expect(model.form).to_have_count(0)
    expect(model.tags).to_contain_text("team: blue")
    expect(model.head).to_contain_text("@champion")
    changed = Model(workspace(), name)
    assert (changed.description, changed.tags["team"]) == ("The best so far.", "blue")
    assert Model(workspace(), name, version="champion").version == 2

    model.node("run of 3").click()
    expect(RunScreen(page.locator(".aml-lab-screen:visible")).name).to_have_text("run of 3")


@pytest.mark.usefixtures("lab")
def test_versions_are_compared_and_the_screen_is_there_again_without_a_kernel(
    notebook: NotebookMaker, name: str
) -> None:
    opened = notebook(LOAD, f"%aml model {name}").open().run(0, 1)
    model = ModelScreen(opened.output(1))
    files = model.tab("Files")
    expect(files.get_by_role("table", name="Files")).to_contain_text("model.json")
    versions = model.tab("Versions")
    expect(versions.get_by_role("grid").locator(".aml-rows > [role=row]")).to_have_count(2)
    changed = versions.get_by_role("region", name="What changed")
    expect(changed.get_by_role("table", name="Parameters")).to_contain_text("weight23")
    score = changed.get_by_role("table", name="Metrics").get_by_role("row", name="score")
    expect(score.get_by_label("better")).to_be_visible()

    model.version.select_option("1")
    expect(model.head).to_contain_text("A weight of 2.")
    expect(changed).to_contain_text("to version 1")
    expect(score.get_by_label("worse")).to_be_visible()
    opened.save().shut_kernel_down().reload(is_busy=True)

    model = ModelScreen(opened.output(1))
    expect(model.name).to_have_text(name)
    expect(model.button("Edit")).to_be_visible()  # the server answers, no kernel is needed
    expect(model.node("run of")).to_be_visible()


def test_a_run_becomes_a_model_and_the_model_a_line_that_deploys_it(
    notebook: NotebookMaker, page: Page
) -> None:
    made = f"made-{secrets.token_hex(3)}"
    cell = """%%aml_run maker
run.log("score", 1.5)
open("m.json", "w").write('{"weight": 4}')
run.upload_file("outputs/m.json", "m.json")"""
    opened = notebook(LOAD, cell, f"%aml model {made}").open().run(0, 1)
    files = RunScreen(opened.output(1)).tab("Files")
    files.get_by_role("button", name="Register as model…").click()
    form = files.get_by_role("form", name="Register a model")
    expect(form.get_by_label("File or folder")).to_have_value("outputs/m.json")
    form.get_by_label("Name of the model").fill("not/a name")
    form.get_by_role("button", name="Register").click()
    expect(form.get_by_role("alert")).not_to_be_empty()
    form.get_by_label("Name of the model").fill(made)
    form.get_by_role("button", name="Register").click()
    expect(files.get_by_role("status")).to_contain_text(f"Registered as {made}:1.")

    opened.run(2)
    model = ModelScreen(opened.output(2))
    expect(model.node("maker")).to_be_visible()
    model.button("Deploy…").click()
    expect(opened.cell(3)).to_contain_text(f"%aml deploy '{made}:1' --entry score.py")
    model.button("Delete…").click()
    model.button("Yes, delete").click()
    expect(model.root).to_contain_text("deleted")
    assert Model.list(workspace(), made) == []


@pytest.mark.usefixtures("lab")
def test_the_keyboard_is_enough(notebook: NotebookMaker, page: Page, name: str) -> None:
    opened = notebook(LOAD, f"%aml model {name}").open().run(0, 1)
    model = ModelScreen(opened.output(1))
    expect(model.button("Edit")).to_be_visible()
    model.button("Edit").press("Enter")
    expect(model.form.get_by_label("Notes")).to_be_focused()
    page.keyboard.press("Escape")
    expect(model.button("Edit")).to_be_focused()
    model.button("Delete…").press("Enter")
    expect(model.button("No")).to_be_focused()
    page.keyboard.press("Escape")
    expect(model.button("Delete…")).to_be_focused()

    model.root.get_by_role("tab", name="Overview").press("End")
    tab = model.root.get_by_role("tab", name="Versions")
    expect(tab).to_be_focused()
    row = model.root.get_by_role("grid").locator(".aml-rows > [role=row]").last
    expect(row).to_be_visible()
    tab.press("Tab")
    expect(model.root.locator(".aml-cell:focus")).to_be_visible()
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Enter")
    expect(model.head).to_contain_text("A weight of 2.")
    tab.press("Home")
    node = model.node("run of 2")
    node.focus()
    page.keyboard.press("Enter")
    expect(RunScreen(page.locator(".aml-lab-screen:visible")).name).to_have_text("run of 2")


@pytest.mark.usefixtures("lab")
def test_markup_in_a_model_is_text_and_the_side_panel_lists_it(
    notebook: NotebookMaker, page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = make_hostile_model(f"hostile-{secrets.token_hex(3)}", tmp_path_factory.mktemp("hostile"))
    opened = notebook(LOAD, f"%aml models {made.name}", f"%aml model {made.name}")
    opened.open().run(0, 1)
    expect(ModelsScreen(opened.output(1)).row(made.name)).to_contain_text(HOSTILE["markup"][0])
    opened.run(2)
    model = ModelScreen(opened.output(2))
    expect(model.tags).to_contain_text(HOSTILE["markup"][1])
    expect(model.node("run").first).to_be_visible()
    expect(model.tab("Files").get_by_role("table")).to_contain_text("<img")
    model.tab("Versions")
    model.button("Edit").click()
    expect_harmless(page)

    page.locator('.jp-SideBar [data-id="aml-magics-panel"]').click()
    models = page.locator("#aml-magics-panel").get_by_role("region", name="Models")
    models.get_by_role("button", name=re.compile("^.? ?Models")).click()
    models.get_by_role("button", name=made.name).click()
    expect(ModelScreen(page.locator(".aml-lab-screen:visible")).name).to_have_text(made.name)
    expect_harmless(page)
