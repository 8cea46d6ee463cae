"""Pipelines drawn in JupyterLab: built by hand and by keys, run, undone, reloaded, and edited as text meanwhile."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aml_magics.sdk.pipeline.pipeline import Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep
from aml_magics.services.pipeline.document.reading import read
from tests.browser.training import HOSTILE, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.fixtures.lab import Lab

WRITES = """import os, sys
os.makedirs(sys.argv[2])
open(os.path.join(sys.argv[2], "numbers.txt"), "w").write("1 2 3")
"""
READS = """import os, sys
print(sum(int(one) for one in open(os.path.join(sys.argv[2], "numbers.txt")).read().split()))
"""


class DesignerPage:
    """A pipeline's file in JupyterLab."""

    def __init__(self, page: Page, lab: Lab, text: str) -> None:
        self.page = page
        self.lab = lab
        folder = lab.notebooks / f"designer_{secrets.token_hex(3)}"
        folder.mkdir()
        (folder / "write.py").write_text(WRITES)
        (folder / "read.py").write_text(READS)
        self.file = folder / "numbers.amlpipeline"
        self.file.write_text(text)
        self.root = page.locator("section.aml-ui.aml-designer")
        self.canvas = self.root.locator(".aml-designer-canvas")
        self.form = self.root.locator(".aml-designer-form")
        self.status = self.root.locator(".aml-designer-status .aml-status")

    def open(self) -> DesignerPage:
        """Open the file."""
        path = self.file.relative_to(self.lab.notebooks).as_posix()
        self.page.goto(self.lab.url(f"/lab/tree/{path}", reset=""))
        return self

    def node(self, key: str) -> Locator:
        """A node of the canvas."""
        return self.canvas.locator(f'[data-node="{key}"]')

    def item(self, name: str) -> Locator:
        """A thing that can be put in."""
        return self.root.locator(".aml-designer-palette").get_by_role("button", name=name)

    def field(self, name: str) -> Locator:
        """A field of the form."""
        return self.form.get_by_label(name, exact=True).first

    def steps(self) -> dict[str, str]:
        """The scripts of the steps in the file, by key."""
        steps = read(self.file.read_text()).definition.steps
        return {one.id: one.settings.get("script_name", "") for one in steps}

    def run(self, experiment: str) -> None:
        """Run the pipeline, and wait until it has completed."""
        self.root.get_by_role("button", name="Run…").click()
        dialog = self.page.get_by_role("dialog", name="Run the pipeline")
        dialog.get_by_label("Experiment").fill(experiment)
        dialog.get_by_role("button", name="Run", exact=True).click()
        expect(self.status).to_have_text("✓ Completed")

    def save(self) -> None:
        """Save the file by keys, and wait until it has no changes."""
        self.page.keyboard.press("Control+s")
        expect(self.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)


@pytest.fixture
def designer(page: Page, lab: Lab) -> Callable[[str], DesignerPage]:
    """Opens a text as a pipeline's file."""
    return lambda text: DesignerPage(page, lab, text).open()


def test_a_pipeline_is_built_by_hand_and_by_keys_run_and_undone(
    designer: Callable[[str], DesignerPage], page: Page
) -> None:
    one = designer("")
    expect(one.canvas.get_by_text("Drag a step here")).to_be_visible()

    # The first step by the pointer, the second by the keyboard.
    one.item("Python script").drag_to(one.canvas, target_position={"x": 200, "y": 120})
    expect(one.node("python_script")).to_be_visible()
    one.field("Script *").fill("write.py")
    one.field("Script *").press("Enter")
    one.item("Python script").focus()
    page.keyboard.press("Enter")
    expect(one.node("python_script_2")).to_be_visible()
    one.field("Script *").fill("read.py")
    one.field("Name").fill("sum")
    one.field("Name").press("Enter")

    # Connected from the new port of the one to the other as a whole.
    port = one.node("python_script").locator('[data-port="+"]')
    port.drag_to(one.node("python_script_2"))
    expect(one.node("python_script_2").locator('[data-side="input"]')).to_have_count(1)
    expect(one.field("Arguments, one a line")).to_have_value(
        "--python_script_output\ninput:python_script_output"
    )

    one.save()
    assert one.steps() == {"python_script": "write.py", "python_script_2": "read.py"}

    # Undone and done again.
    one.node("python_script").focus()
    page.keyboard.press("Control+z")
    expect(one.node("python_script_2").locator('[data-side="input"]')).to_have_count(0)
    page.keyboard.press("Control+y")
    expect(one.node("python_script_2").locator('[data-side="input"]')).to_have_count(1)

    one.run("drawn")
    expect(one.node("python_script_2")).to_have_attribute(
        "aria-label", re.compile("sum, Completed")
    )

    # All of it is there again after a reload, without a kernel.
    page.reload()
    expect(one.node("python_script_2")).to_be_visible()
    expect(one.status).to_have_text("✓ Completed")
    (run,) = workspace().experiments["drawn"].get_runs()
    assert [step.name for step in run.get_children()] == ["sum", "Python script"]


def test_keys_copy_paste_delete_and_select(
    designer: Callable[[str], DesignerPage], page: Page
) -> None:
    one = designer(
        "pipeline: {steps: {a: {type: CommandStep, command: [ls]}, b: {type: CommandStep, command: [ls]}}}"
    )
    one.node("a").click()
    one.node("a").focus()
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(one.node("a_2")).to_be_visible()
    page.keyboard.press("Control+a")
    one.node("a").focus()
    page.keyboard.press("Delete")
    expect(one.canvas.locator("[data-node]")).to_have_count(0)
    one.root.get_by_role("button", name="Undo").click()
    expect(one.canvas.locator("[data-node]")).to_have_count(3)
    one.node("a").focus()
    page.keyboard.press("Insert")
    expect(one.item("Command")).to_be_focused()


def test_a_connection_and_an_order_are_made_in_the_form(
    designer: Callable[[str], DesignerPage], page: Page
) -> None:
    one = designer(
        "pipeline:\n  data_references: {raw: {datastore: workspaceblobstore, path_on_datastore: raw}}\n"
        "  steps:\n    a: {type: CommandStep, command: [ls]}\n    b: {type: CommandStep, command: [ls]}\n"
    )
    one.node("b").focus()
    page.keyboard.press("Space")
    one.form.get_by_role("button", name="Add an input").click()
    expect(one.form.get_by_role("combobox", name="raw")).to_have_value("raw")
    one.form.get_by_text("More").click()
    one.form.get_by_role("checkbox", name="a", exact=True).check()
    one.save()
    a, b = read(one.file.read_text()).definition.steps
    assert (a.before, b.before) == (set(), {"a"})
    assert [each.name for each in b.inputs] == ["raw"]


def test_what_is_wrong_stands_on_its_step_and_nonsense_is_told_with_its_line(
    designer: Callable[[str], DesignerPage], page: Page
) -> None:
    one = designer("pipeline: {steps: {a: {type: PythonScriptStep, source_directory: .}}}")
    expect(one.node("a")).to_have_attribute(
        "aria-label", re.compile("problem: .*needs script_name")
    )
    expect(one.root.get_by_role("button", name="Run…")).to_have_attribute("aria-disabled", "true")

    one.file.write_text("pipeline:\n  name: x\n  stpes: {}\n")
    page.reload()
    told = one.root.get_by_role("alert")
    expect(told).to_contain_text(
        "Line 3: the document.pipeline has no key 'stpes'. Did you mean 'steps'?"
    )
    one.root.get_by_role("button", name="Open the text").click()
    expect(page.locator(".jp-FileEditor .cm-content")).to_contain_text("stpes")


def test_a_file_of_a_newer_version_is_left_as_it_is(
    designer: Callable[[str], DesignerPage],
) -> None:
    text = "aml_magics: 7\npipeline: {steps: {}}\n"
    one = designer(text)

    expect(one.root.get_by_role("alert")).to_contain_text(
        "written by a newer version of aml_magics"
    )
    assert one.file.read_text() == text


def test_a_pipeline_of_python_opens_runs_and_opens_again_from_its_run(page: Page, lab: Lab) -> None:
    one = DesignerPage(page, lab, "")
    numbers = PipelineData("numbers")
    write = PythonScriptStep(
        "write.py",
        arguments=["x", numbers],
        outputs=[numbers],
        source_directory=str(one.file.parent),
    )
    Pipeline(workspace(), [write]).save(one.file)
    one.open()
    expect(one.node("write")).to_be_visible()

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    one.root.get_by_role("button", name="Python code").click()
    expect(one.root.get_by_text("the code is on the clipboard")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    assert "write = PythonScriptStep(" in code

    one.run("python")
    one.root.get_by_role("button", name="Open the run").click()
    page.get_by_role("button", name="Open in the designer").click()
    drawn = page.locator(".aml-designer:visible [data-node=write]")
    expect(drawn).to_be_visible()
    assert (
        read(next(lab.notebooks.glob("*.amlpipeline")).read_text()).definition.steps[0].id
        == "write"
    )


def test_what_is_typed_is_what_python_reads(
    designer: Callable[[str], DesignerPage], page: Page
) -> None:
    one = designer("pipeline: {steps: {a: {type: CommandStep, command: [ls]}}}")
    expect(one.node("a")).to_be_visible()
    words = [text for texts in HOSTILE.values() for text in texts if text.isprintable()]
    words += [
        "yes",
        "1e5",
        "- a",
        "a: b",
        "#",
        "~",
        "0.10",
        "12:30",
        "{x}",
        "[",
        "'",
        '"',
        "%",
        "@",
    ]
    description = "\n".join(words)
    one.field("Description").fill(description)
    one.field("Name").fill("-- 'null'")
    one.field("Name").press("Enter")
    one.save()

    definition = read(one.file.read_text()).definition
    assert (definition.name, definition.description) == ("-- 'null'", description)


def test_comments_outlive_edits_on_the_canvas(
    designer: Callable[[str], DesignerPage], page: Page
) -> None:
    one = designer(
        "# Ours.\npipeline:\n  steps:\n    # It lists.\n    a:\n"
        "      type: CommandStep\n      command: [ls] # all\n"
    )
    one.node("a").click()
    one.field("Name").fill("list")
    one.field("Name").press("Enter")
    one.save()
    text = one.file.read_text()
    assert text.startswith("# Ours.\n")
    assert "    # It lists.\n    a:\n" in text
    assert "command: # all\n" in text
    assert read(text).definition.steps[0].name == "list"


def test_in_a_narrow_tab_list_canvas_and_form_lie_below_each_other(
    designer: Callable[[str], DesignerPage], page: Page
) -> None:
    page.set_viewport_size({"width": 620, "height": 900})
    one = designer("")
    one.item("Python script").focus()
    page.keyboard.press("Enter")
    one.field("Script *").fill("write.py")
    boxes = [
        part.bounding_box()
        for part in (one.root.locator(".aml-designer-palette"), one.canvas, one.form)
    ]
    places = [(box["x"], box["y"], box["y"] + box["height"]) for box in boxes if box]
    assert len({x for x, _, _ in places}) == 1
    assert [top for _, top, _ in places[1:]] >= [bottom for _, _, bottom in places[:2]]
    one.field("Name").scroll_into_view_if_needed()
    expect(one.field("Name")).to_be_in_viewport()


def test_the_launcher_makes_a_pipeline(page: Page, lab: Lab) -> None:
    page.goto(lab.url("/lab", reset=""))
    page.locator('.jp-LauncherCard[title="Draw a pipeline of steps"]').click()
    expect(page.locator(".aml-designer-canvas")).to_be_visible()
    assert list(Path(lab.notebooks).glob("untitled*.amlpipeline"))
