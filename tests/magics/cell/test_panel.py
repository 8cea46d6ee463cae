"""The panel that follows a run, with a publisher that remembers."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from aml_magics.magics.cell import panel as panels
from aml_magics.magics.cell.panel import Panel

if TYPE_CHECKING:
    import pytest


class Publisher:
    def __init__(self) -> None:
        self.shown: list[tuple[str, bool]] = []

    def publish(self, data: dict[str, str], metadata: dict[str, str], **how: Any) -> None:
        self.shown.append((data["text/plain"], how.get("update", False)))


def shell(*, live: bool) -> Any:
    found = SimpleNamespace(display_pub=Publisher())
    if live:
        found.kernel = None
    return found


def test_terminal_shows_the_end_alone() -> None:
    terminal = shell(live=False)
    panel = Panel(terminal, lambda: {"text/plain": "end"}, lambda: 1, "id")
    panel.start({"text/plain": "begin"})
    panel.finish()

    assert terminal.display_pub.shown == [("end", False)]


def test_nothing_is_drawn_while_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "FIRST_PAUSE", 0.001)
    kernel, looked = shell(live=True), threading.Semaphore(0)

    def state() -> int:
        looked.release()
        return 1

    panel = Panel(kernel, lambda: {"text/plain": "end"}, state, "id")
    panel.start({"text/plain": "begin"})
    for _ in range(5):
        looked.acquire()
    panel.stop()
    assert kernel.display_pub.shown == [("begin", False)]
    panel.finish()
    assert kernel.display_pub.shown == [("begin", False), ("end", True)]


def test_problem_while_following_is_said_once_and_the_end_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(panels, "FIRST_PAUSE", 0.001)
    kernel, states = shell(live=True), iter([1])
    panel = Panel(kernel, lambda: {"text/plain": "end"}, lambda: next(states), "id")
    panel.start({"text/plain": "begin"})
    assert panel._thread is not None
    panel._thread.join()
    panel.finish()

    assert capsys.readouterr().err.count("the panel stands still until the cell ends") == 1
    assert kernel.display_pub.shown[-1] == ("end", True)
