"""`%%aml_run` above and below other cell magics, and inside itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.magics.conftest import Kernel


@pytest.mark.parametrize("gap", ["", "\n\n"])
def test_time_stacked_below_works(kernel: Kernel, gap: str) -> None:
    reply = kernel.run(f"%%aml_run\n{gap}%%time\nrun.log('a', 1)\n5")

    assert reply.result == "5"
    assert "Wall time" in reply.stdout
    assert kernel.value("(run.get_status(), run.get_metrics())") == ("Completed", {"a": 1})


def test_time_stacked_above_works(kernel: Kernel) -> None:
    reply = kernel.run("%%time\n%%aml_run above\nrun.log('a', 1)\n5")

    assert reply.result == "5"
    assert kernel.value("(run.name, run.get_status())") == ("above", "Completed")


def test_error_below_time_marks_the_run_failed(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\n%%time\n1 / 0")

    assert reply.ename == "ZeroDivisionError"
    assert kernel.value("run.get_status()") == "Failed"


def test_capture_stacked_below_works(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\n%%capture got\nprint('hidden')")

    assert reply.stdout == ""
    assert kernel.value("(got.stdout, run.get_status())") == ("hidden\n", "Completed")


def test_error_that_capture_swallows_still_fails_cell_and_run(kernel: Kernel) -> None:
    reply = kernel.run("%%aml_run\n%%capture\n1 / 0")

    assert (reply.status, reply.ename) == ("error", "ZeroDivisionError")
    assert kernel.value("run.get_status()") == "Failed"


def test_capture_stacked_above_works(kernel: Kernel) -> None:
    reply = kernel.run("%%capture got\n%%aml_run hidden\nprint('hidden')")

    assert (reply.stdout, reply.displays) == ("", [])
    assert kernel.value("(got.stdout, run.name, run.get_status())") == (
        "hidden\n",
        "hidden",
        "Completed",
    )


def test_cell_inside_a_cell_has_a_run_of_its_own(kernel: Kernel) -> None:
    kernel.run(
        "%%aml_run outer\nouter = run\n"
        "get_ipython().run_cell('%%aml_run inner --out inner\\nprint(1)');\n"
        "between = (inner.get_status(), outer.get_status(), Run.get_context() == outer)"
    )

    assert kernel.value("between") == ("Completed", "Running", True)
    assert kernel.value("outer.get_status()") == "Completed"
