"""A cell that does not reach its end: exits, interrupts, restarts, and a cancel from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aml_magics.services.run.search import search
from aml_magics.services.workspace import workspace as workspaces

if TYPE_CHECKING:
    from tests.magics.conftest import Kernel


def test_exit_without_error_completes_the_run(kernel: Kernel) -> None:
    kernel.run("%%aml_run\nraise SystemExit")

    assert kernel.value("run.get_status()") == "Completed"


def test_exit_with_an_error_fails_the_run(kernel: Kernel) -> None:
    kernel.run("%%aml_run\nraise SystemExit(3)")

    assert kernel.value("run.record.reason") == "SystemExit: 3"


@pytest.mark.parametrize(
    "wait", ["time.sleep(60)", "for _ in range(1200):\n    await asyncio.sleep(0.05)"]
)
def test_interrupt_cancels_the_run(kernel: Kernel, wait: str) -> None:
    request = kernel.send(f"%%aml_run\nimport asyncio, time\nprint('ready')\n{wait}")
    kernel.wait_for(request, "ready")
    kernel.manager.interrupt_kernel()
    reply = kernel.reply(request)

    assert reply.status == "error"
    assert kernel.value("run.get_status()") == "Canceled"
    assert kernel.value("run.record.reason") == "Interrupted by the user."


@pytest.mark.parametrize(
    "wait", ["time.sleep(60)", "for _ in range(1200):\n    await asyncio.sleep(0.05)"]
)
@pytest.mark.parametrize("is_late", [False, True])
def test_restart_of_the_kernel_is_told_from_an_interrupt(
    own_kernel: Kernel, wait: str, is_late: bool
) -> None:
    if is_late:  # the request comes when the run has been written down as interrupted
        own_kernel.run("import aml_magics.magics.cell.interruption as i; i._PATIENCE = -1")
    request = own_kernel.send(f"%%aml_run\nimport asyncio, time\nprint('ready')\n{wait}")
    own_kernel.wait_for(request, "ready")
    own_kernel.manager.restart_kernel()
    own_kernel.client.wait_for_ready(timeout=60)

    (run,) = search(workspaces.open_default()[0])
    assert (run.status, run.reason) == ("Canceled", "The kernel was restarted.")


def test_shutdown_of_the_kernel_is_told_from_an_interrupt(own_kernel: Kernel) -> None:
    request = own_kernel.send("%%aml_run\nimport time\nprint('ready')\ntime.sleep(60)")
    own_kernel.wait_for(request, "ready")
    own_kernel.manager.shutdown_kernel()

    (run,) = search(workspaces.open_default()[0])
    assert (run.status, run.reason) == ("Canceled", "The kernel was shut down.")


def test_cancel_from_elsewhere_interrupts_the_cell(kernel: Kernel) -> None:
    cancel = (
        "import threading, time\n"
        "from aml_magics.services.run import run as runs\n"
        "other = Run.get(run.experiment.workspace, run.id)\n"
        "threading.Timer(0.1, other.cancel).start()\n"
        "time.sleep(60)"
    )
    reply = kernel.run(f"%%aml_run\n{cancel}")

    assert reply.ename == "KeyboardInterrupt"
    assert kernel.value("run.get_status()") == "Canceled"
