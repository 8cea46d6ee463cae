"""A notebook in the browser, as a person sees it and as its kernel knows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, Self

import nbformat
import zmq
from jupyter_client.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nbformat import NotebookNode
    from playwright.sync_api import Locator, Page

    from tests.fixtures.lab import Lab

SECONDS = 60
LOAD = "%load_ext aml_magics"

# The notebook that is in front; its shell is JupyterLab's, or Notebook's.
_PANEL = "const panel = window.jupyterapp.shell.currentWidget;"
_IS_READY = """name => {
  const app = window.jupyterapp;
  const panel = app?.shell?.currentWidget;
  return panel?.context?.isReady && panel.context.path === name && !!panel.content?.widgets;
}"""
_IS_IDLE = """() => {
  const session = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  return !!session?.isReady && session.session?.kernel?.status === 'idle'
    && session.session.kernel.connectionStatus === 'connected';
}"""
_RUN = (
    "async ([index, wait]) => {"
    + _PANEL
    + """
  panel.content.activeCellIndex = index;
  const ran = window.jupyterapp.commands.execute('notebook:run-cell');
  if (wait) { await ran; }
}"""
)


class Notebook:
    """One notebook of a lab, in one page.

    Args:
        page: where it is opened.
        lab: the server.
        name: the path of its file; a notebook with a folder of its own leaves others alone.
    """

    def __init__(self, page: Page, lab: Lab, name: str) -> None:
        self.page = page
        self.lab = lab
        self.name = name

    @property
    def file(self) -> Path:
        """Its file."""
        return self.lab.notebooks / self.name

    def write(self, cells: Sequence[str], *, kernel: str = "python3") -> Self:
        """Make the file, with code cells and no outputs."""
        content = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(code) for code in cells],
            metadata={"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}},
        )
        return self.put(content)

    def put(self, content: NotebookNode) -> Self:
        """Write the file."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(content, self.file)
        return self

    def read(self) -> NotebookNode:
        """The file as it was saved last; the server saves in place, so it may be empty or cut while it does."""
        for _ in range(50 * SECONDS):
            try:
                return nbformat.read(self.file, as_version=4)
            except nbformat.reader.NotJSONError:
                self.page.wait_for_timeout(20)
        return nbformat.read(self.file, as_version=4)

    def open(self, *, app: Literal["lab", "notebook"] = "lab", has_kernel: bool = True) -> Self:
        """Open it, and wait until it can be worked with."""
        if app == "lab":
            self.page.goto(self.lab.url(f"/lab/tree/{self.name}", reset=""))
        else:
            self.page.goto(self.lab.url(f"/notebooks/{self.name}"))
        return self.wait_until_ready(has_kernel=has_kernel)

    def wait_until_ready(self, *, has_kernel: bool = True) -> Self:
        """Wait until the notebook is drawn and its kernel is idle."""
        self.page.wait_for_function(_IS_READY, arg=self.name)
        return self.wait_until_idle() if has_kernel else self

    def wait_until_idle(self) -> Self:
        """Wait until the kernel has nothing to do."""
        self.page.wait_for_function(_IS_IDLE)
        return self

    def reload(self, *, is_busy: bool = False) -> Self:
        """Load the page again."""
        self.page.reload()
        return self.wait_until_ready(has_kernel=not is_busy)

    # -- cells --------------------------------------------------------------------------------

    def cell(self, index: int) -> Locator:
        """A cell."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def output(self, index: int) -> Locator:
        """All that a cell shows below itself."""
        return self.cell(index).locator(".jp-Cell-outputWrapper")

    def screen(self, index: int) -> Locator:
        """The live screen below a cell."""
        return self.output(index).locator(".aml-ui").first

    def run(self, *indices: int) -> Self:
        """Run cells to their end, one after the other."""
        for index in indices:
            self.page.evaluate(_RUN, [index, True])
        return self

    def start(self, index: int) -> Self:
        """Have a cell run, and go on."""
        self.page.evaluate(_RUN, [index, False])
        return self

    def let_go(self) -> Self:
        """Let a live cell come to its end."""
        (self.file.parent / "go").touch()
        return self

    def save(self) -> Self:
        """Save the file."""
        self.command("docmanager:save")
        return self

    def command(self, name: str, **arguments: Any) -> Any:
        """Run a command of the application, as its menus do."""
        call = "([name, given]) => window.jupyterapp.commands.execute(name, given).then(() => null)"
        return self.page.evaluate(call, [name, arguments])

    # -- the kernel ---------------------------------------------------------------------------

    @property
    def kernel_id(self) -> str:
        """The id of its kernel."""
        (found,) = [s for s in self.lab.api("sessions") if s["path"] == self.name]
        return str(found["kernel"]["id"])

    def value(self, expression: str) -> Any:
        """What an expression is in the kernel, asked beside the page and without leaving a trace."""
        return self._ask(expression, "")

    def expect_value(self, expression: str, wanted: Any) -> None:
        """Wait until an expression has a value; what the page tells the kernel takes its time."""
        found = None
        for _ in range(100):
            found = self.value(expression)
            if found == wanted:
                return
            self.page.wait_for_timeout(100)
        assert found == wanted

    def execute(self, code: str) -> None:
        """Run code in the kernel, beside the page."""
        self._ask("None", code)

    def end_session(self) -> None:
        """Shut the kernel down, if there is one."""
        for session in self.lab.api("sessions"):
            if session["path"] == self.name:
                self.lab.api(f"sessions/{session['id']}", "DELETE")

    def shut_kernel_down(self) -> Self:
        """Shut it down, as the menu does; the page stays without one."""
        self.page.evaluate(f"async () => {{ {_PANEL} await panel.sessionContext.shutdown(); }}")
        return self

    def restart_kernel(self) -> Self:
        """Restart it, as the menu does once the question is answered."""
        self.page.evaluate(
            f"async () => {{ {_PANEL} await panel.sessionContext.session.kernel.restart(); }}"
        )
        return self.wait_until_idle()

    def _ask(self, expression: str, code: str) -> Any:
        # By hand: a client of Jupyter's wants an event loop, and the page's runs in this thread.
        connection = json.loads((self.lab.runtime / f"kernel-{self.kernel_id}.json").read_text())
        session = Session(key=connection["key"].encode())
        content = {
            "code": code,
            "silent": True,
            "store_history": False,
            "user_expressions": {"value": expression},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        with zmq.Context() as context, context.socket(zmq.DEALER) as shell:
            shell.linger = 0
            shell.connect(f"tcp://{connection['ip']}:{connection['shell_port']}")
            request = session.send(shell, "execute_request", content)["msg_id"]
            while True:
                assert shell.poll(SECONDS * 1000), f"the kernel did not answer {expression!r}"
                _, reply = session.recv(shell)
                if reply is not None and reply["parent_header"].get("msg_id") == request:
                    break
        assert reply["content"]["status"] == "ok", reply["content"]
        found = reply["content"]["user_expressions"]["value"]
        assert found["status"] == "ok", found
        return eval(found["data"]["text/plain"])
