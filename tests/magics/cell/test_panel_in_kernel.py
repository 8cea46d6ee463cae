"""The panel of a cell's run, as a front end gets it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.magics.conftest import Kernel

RUN = "application/vnd.aml-magics.run+json"


def test_panel_is_one_output_that_ends_with_the_final_state(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run shown\nrun.log('a', 1)")

    assert len(reply.displays) == 1
    assert "Running" in reply.texts[0]
    last = reply.updates[-1]
    assert last["transient"] == reply.displays[0]["transient"]
    assert "Completed" in last["data"]["text/plain"]
    assert "Completed" in last["data"]["text/html"]


def test_panel_has_a_snapshot_for_the_live_screen(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run shown\nrun.log('a', 1); run.log('a', 2)")
    first, last = reply.displays[0]["data"][RUN], reply.updates[-1]["data"][RUN]

    assert first["workspace"] == kernel.value("Workspace.from_config().name")
    assert json.loads(first["view"])["status"] == "Running"
    assert json.loads(last["view"])["status"] == "Completed"
    assert json.loads(last["view"])["metrics"][0]["points"]["values"] == [1, 2]
    assert json.loads(last["view"])["id"] == json.loads(first["view"])["id"]


def test_commands_have_a_snapshot_for_the_live_screen(kernel: Kernel) -> None:
    kernel.run("%%aml_run one\nrun.log('a', 1)")
    kernel.run("%%aml_run two\nrun.log('a', 1)")
    mimes = [
        set(kernel.run(f"%aml {line}").displays[0]["data"]) - {"text/html", "text/plain"}
        for line in ("run one", "runs", "compare one two", "diff one two", "help")
    ]

    names = ["run", "run-table", "compare"]
    assert mimes == [{f"application/vnd.aml-magics.{name}+json"} for name in names] + [set(), set()]


def test_panel_follows_the_run_while_the_cell_goes_on(kernel: Kernel) -> None:
    kernel.run("import aml_magics.magics.cell.panel as panels; panels.FIRST_PAUSE = 0.05")
    reply = kernel.run(
        "%%aml_run\nimport time\nrun.log('growing', 1)\ntime.sleep(1.5)\nrun.log('growing', 2)"
    )
    running = [update["data"]["text/plain"] for update in reply.updates[:-1]]

    assert any("Running" in text and "growing" in text for text in running)


def test_quiet_shows_no_panel(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run --quiet\n1")

    assert (reply.displays, reply.updates, reply.result) == ([], [], "1")


def test_configured_quiet_is_undone_by_no_quiet(kernel: Kernel) -> None:
    kernel.run("%config AmlMagics.quiet = True")
    silent, shown = kernel.run("%%aml_run\n1"), kernel.run("%%aml_run --no-quiet\n1")
    kernel.run("%config AmlMagics.quiet = False")

    assert silent.displays == []
    assert len(shown.displays) == 1


def test_name_with_markup_is_text_in_the_panel(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run '<script>alert(1)</script>'\npass")

    assert "<script>alert" not in reply.updates[-1]["data"]["text/html"]
