"""Widgets outside of a kernel, whose messages are remembered."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.sdk.run.experiment import Experiment
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.widgets._base import LiveWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aml_magics.sdk.run.run import Run

SECONDS = 60


def until(condition: Callable[[], Any]) -> Any:
    """Wait for what another thread does; what it gave at last."""
    end = time.monotonic() + SECONDS
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
    return found


@dataclass
class Sent:
    """The messages that went to the front end."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    buffers: list[bytes] = field(default_factory=list)

    def events(self) -> list[str]:
        return [one["event"]["type"] for one in self.messages if "event" in one]

    def links(self) -> list[str]:
        return [one["link"] for one in self.messages if "link" in one]

    def answer(self, number: int) -> dict[str, Any]:
        """The answer to a question, which has been given when the question was heard."""
        return next(one for one in self.messages if one.get("answer") == number)

    def send(self, _widget: object, content: dict[str, Any], buffers: Any = None) -> None:
        self.messages.append(content)
        self.buffers.extend(buffers or [])


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    """What widgets send; at the end they are closed."""
    import ipywidgets

    found = Sent()
    monkeypatch.setattr(
        LiveWidget,
        "send",
        lambda widget, content, buffers=None: found.send(widget, content, buffers),
    )
    yield found
    ipywidgets.Widget.close_all()


@pytest.fixture
def workspace() -> Workspace:
    return Workspace.create("lab")


@pytest.fixture
def run(workspace: Workspace) -> Run:
    """A run that goes on."""
    started = Experiment(workspace, "digits").start_logging(display_name="slow")
    started.log("loss", 0.5)
    return started


@pytest.fixture
def ended(workspace: Workspace) -> list[Run]:
    """Two runs that have ended."""
    runs = []
    for rate in (0.1, 0.2):
        one = Experiment(workspace, "digits").start_logging(parameters={"rate": rate})
        one.log("accuracy", 0.5 + rate)
        one.complete()
        runs.append(one)
    return runs
