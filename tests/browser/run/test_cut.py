"""The server goes away in the middle of an answer: what it was for says so, stays, and comes back by itself."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

import pytest
from playwright.sync_api import expect

from aml_magics import Experiment
from tests.browser.notebook import LOAD
from tests.browser.screens import RunScreen
from tests.browser.training import workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import NotebookMaker
    from tests.fixtures.lab import Lab

_END_OF_HEAD = b"\r\n\r\n"
_REQUEST = re.compile(rb"[A-Z]+ ([^ ?]+)\S* HTTP/1.1\r\n")


class Wire:
    """Stands between the page and its server, and cuts connections where a test says so.

    Args:
        port: of the server.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._route = ""
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, route: str) -> Self:
        """Cut each answer of a route within its body, until it is mended."""
        self._route = route
        return self

    def mend(self) -> None:
        """Carry everything again."""
        self._route = ""

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                page, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(page,), daemon=True).start()

    def _carry(self, page: socket.socket) -> None:
        """Answers come one at a time, as far as a browser goes: what was asked last is what is answered."""
        asked = [""]
        with page, socket.create_connection(("127.0.0.1", self._port)) as server, suppress(OSError):
            threading.Thread(target=_ask, args=(page, server, asked), daemon=True).start()
            while data := server.recv(1 << 16):
                if self._route and asked[0].endswith(self._route) and (part := _part(data)):
                    self.cuts += 1
                    page.sendall(part)
                    page.shutdown(socket.SHUT_RDWR)  # closing alone waits for the other thread
                    return
                page.sendall(data)


def _ask(page: socket.socket, server: socket.socket, asked: list[str]) -> None:
    with suppress(OSError):
        while data := page.recv(1 << 16):
            found = _REQUEST.match(data)
            if found:
                asked[0] = found[1].decode()
            server.sendall(data)
        server.shutdown(socket.SHUT_WR)


def _part(data: bytes) -> bytes:
    """What comes before the middle of a body; nothing where there is no body."""
    head, end, body = data.rpartition(_END_OF_HEAD)
    return head + end + body[: len(body) // 2] if len(body) > 1 else b""


@pytest.fixture
def wire(lab: Lab) -> Iterator[Wire]:
    """A wire to the worker's JupyterLab."""
    wire = Wire(int(lab.origin.rpartition(":")[2]))
    yield wire
    wire.close()


def _open(page: Page, lab: Lab, wire: Wire, path: str) -> None:
    page.goto(lab.url(path, reset="").replace(lab.origin, wire.origin))


def test_a_panel_whose_stream_is_cut_says_so_and_follows_again(
    notebook: NotebookMaker, page: Page, lab: Lab, wire: Wire
) -> None:
    opened = notebook()
    run = Experiment(workspace(), opened.file.stem).start_logging(display_name="far away")
    for step in range(20):
        run.log("loss", 1 / (step + 1))
    opened.write([LOAD, f"%aml run {run.id}"])
    _open(page, lab, wire, f"/lab/tree/{opened.name}")
    opened.wait_until_ready().run(0, 1)
    panel = RunScreen(opened.output(1))
    panel.expect_points("loss", 20)
    expect(panel.link).to_be_hidden()

    wire.cut("follow/run")
    run.log("loss", 0.01)
    expect(panel.link).to_contain_text("detached")
    expect(panel.status).to_contain_text("Running")
    expect(panel.plot("loss")).to_be_visible()
    cuts = wire.cuts
    assert cuts >= 1

    run.log("loss", 0.005)
    wire.mend()
    panel.expect_points("loss", 22)
    expect(panel.link).to_be_hidden()
    run.complete()
    expect(panel.status).to_contain_text("Completed")


def test_a_screen_whose_answer_is_cut_says_so_and_asks_again(
    notebook: NotebookMaker, page: Page, lab: Lab, wire: Wire
) -> None:
    opened = notebook()
    run = Experiment(workspace(), opened.file.stem).start_logging(display_name="far away")
    run.log("loss", 0.5)
    run.complete()
    _open(page, lab, wire, "/lab")
    expect(page.locator(".jp-LauncherCard").first).to_be_visible()

    wire.cut("ask/run")
    call = (
        "args => window.jupyterapp.commands.execute('aml-magics:open-run', args).then(() => null)"
    )
    page.evaluate(call, {"workspace": workspace().name, "run": run.id})
    screen = page.locator(".aml-lab-screen")
    expect(screen).to_contain_text("The Jupyter server does not answer.")
    expect(screen.get_by_role("button", name="Try again")).to_be_visible()
    assert wire.cuts >= 1

    wire.mend()
    expect(RunScreen(screen).name).to_have_text("far away")
    expect(RunScreen(screen).status).to_contain_text("Completed")
