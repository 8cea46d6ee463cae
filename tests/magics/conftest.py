"""A real kernel and a real terminal shell for the tests of the magics."""

from __future__ import annotations

import atexit
import os
import queue
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from IPython.terminal.interactiveshell import TerminalInteractiveShell
    from jupyter_client.blocking.client import BlockingKernelClient

from tests.fixtures.source import ROOT

SECONDS = 60


@dataclass
class Reply:
    """What one cell gave."""

    status: str
    ename: str = ""
    evalue: str = ""
    stdout: str = ""
    stderr: str = ""
    result: str = ""
    traceback: str = ""
    displays: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The plain text of each display, as it was at first."""
        return [display["data"].get("text/plain", "") for display in self.displays]


class Kernel:
    """A kernel with the extension, driven as a front end drives it."""

    def __init__(self, folder: Path) -> None:
        environment = {
            **{
                k: v for k, v in os.environ.items() if not k.startswith(("AML_MAGICS_", "AZUREML_"))
            },
            "AML_MAGICS_HOME": str(folder / "home"),
            "IPYTHONDIR": str(folder / "ipython"),
            "PYTHONPATH": str(ROOT),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        }
        environment.pop("JPY_SESSION_NAME", None)
        self.folder = folder
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(cwd=str(folder), env=environment)
        self.client: BlockingKernelClient = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS)

    def send(self, code: str, **options: Any) -> str:
        return self.client.execute(code, **options)

    def run(self, code: str) -> Reply:
        """Run a cell to its end."""
        return self.reply(self.send(code))

    def reply(self, request: str) -> Reply:
        answer = self._outputs(request)
        content = self._shell_reply(request)["content"]
        answer.status = content["status"]
        answer.ename, answer.evalue = content.get("ename", ""), content.get("evalue", "")
        answer.traceback = answer.traceback or "\n".join(content.get("traceback", []))
        return answer

    def value(self, expression: str) -> Any:
        """What an expression is in the kernel, asked without leaving a trace."""
        request = self.client.execute(
            "", silent=True, store_history=False, user_expressions={"value": expression}
        )
        found = self._shell_reply(request)["content"]["user_expressions"]["value"]
        assert found["status"] == "ok", found
        return eval(found["data"]["text/plain"])

    def runs(self) -> list[str]:
        """The names of all runs, the newest first."""
        return self.value(
            "[r.name for r in __import__('aml_magics.services.run.search', fromlist=['x'])"
            ".search(__import__('aml_magics').Workspace.from_config().store)]"
        )

    def wait_for(self, request: str, text: str) -> None:
        """Wait until a cell prints some text."""
        while True:
            message = self.client.get_iopub_msg(timeout=SECONDS)
            ours = message["parent_header"].get("msg_id") == request
            if ours and text in message["content"].get("text", ""):
                return

    def close(self) -> None:
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def _shell_reply(self, request: str) -> dict[str, Any]:
        while True:
            message = self.client.get_shell_msg(timeout=SECONDS)
            if message["parent_header"].get("msg_id") == request:
                return message

    def _outputs(self, request: str) -> Reply:
        answer = Reply("")
        while True:
            message = self.client.get_iopub_msg(timeout=SECONDS)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return answer
            _take(answer, kind, content)


def _take(answer: Reply, kind: str, content: dict[str, Any]) -> None:
    if kind == "stream":
        setattr(answer, content["name"], getattr(answer, content["name"]) + content["text"])
    elif kind == "execute_result":
        answer.result = content["data"]["text/plain"]
    elif kind == "display_data":
        answer.displays.append(content)
    elif kind == "update_display_data":
        answer.updates.append(content)
    elif kind == "error":
        answer.traceback = "\n".join(content["traceback"])


@pytest.fixture(scope="module")
def running_kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    kernel = Kernel(tmp_path_factory.mktemp("kernel"))
    kernel.run("%load_ext aml_magics")
    kernel.run("from aml_magics import Run, Workspace; Workspace.from_config()")
    yield kernel
    kernel.close()


@pytest.fixture
def kernel(running_kernel: Kernel) -> Kernel:
    """The module's kernel, with nothing left of the test before."""
    while True:
        try:
            running_kernel.client.get_iopub_msg(timeout=0)
        except queue.Empty:
            return running_kernel


@pytest.fixture
def own_kernel(tmp_path: Path) -> Iterator[Kernel]:
    """A kernel that the test may kill."""
    kernel = Kernel(tmp_path)
    kernel.run("%load_ext aml_magics")
    yield kernel
    kernel.close()


@pytest.fixture
def shell() -> Iterator[TerminalInteractiveShell]:
    """The shell of plain ``ipython``, without the extension."""
    from IPython.terminal.interactiveshell import TerminalInteractiveShell

    # a shell makes its process interactive for good: it sets prompts and takes the place of __main__
    before = {name: vars(sys).get(name) for name in ("ps1", "ps2", "ps3")}
    main = sys.modules["__main__"]
    TerminalInteractiveShell.clear_instance()
    shell = TerminalInteractiveShell.instance()
    shell.history_manager.enabled = False
    yield shell
    shell.atexit_operations()
    atexit.unregister(shell.atexit_operations)
    TerminalInteractiveShell.clear_instance()
    sys.modules["__main__"] = main
    for name, value in before.items():
        vars(sys).pop(name, None)
        if value is not None:
            setattr(sys, name, value)
