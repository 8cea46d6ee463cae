"""What is made of the messages by which a kernel shows things."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.magics.cell.capture import Log
from aml_magics.magics.cell.rich_output import MOST_FIGURES, RichOutput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIGURE = "<Figure size 640x480 with 1 Axes>"


class Watched:
    """A watcher with the messages that it would get."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = Log(path)
        self.figures: list[bytes] = []
        publisher = SimpleNamespace(register_hook=lambda _: None, unregister_hook=lambda _: None)
        shell: Any = SimpleNamespace(display_pub=publisher, displayhook=SimpleNamespace())
        self.rich = RichOutput(shell, self.log, self.figures.append, ours="panel")
        self.rich.start()

    def see(self, text: str, picture: object = None, display_id: str | None = None) -> None:
        data = {"text/plain": text} | ({} if picture is None else {"image/png": picture})
        transient = {} if display_id is None else {"display_id": display_id}
        message = {"content": {"data": data, "transient": transient}}
        assert self.rich._see(message) is message


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    found = Watched(tmp_path / "log")
    yield found
    found.log.close()


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_figure_is_kept_in_either_form(watched: Watched) -> None:
    watched.see(FIGURE, coded(b"one"))
    watched.see(FIGURE, b"two")

    assert watched.figures == [b"one", b"two"]
    assert watched.path.read_text() == ""  # which it would say without showing anything


def test_picture_that_is_no_figure_is_only_logged(watched: Watched) -> None:
    watched.see("<PIL image>", coded(b"one"))

    assert watched.figures == []


def test_picture_that_cannot_be_read_is_left(watched: Watched) -> None:
    watched.see(FIGURE, "a")

    assert watched.figures == []


def test_figure_updated_in_place_is_kept_once_as_it_was_last(watched: Watched) -> None:
    watched.see(FIGURE, coded(b"one"), "live")
    watched.see(FIGURE, coded(b"two"), "live")
    watched.rich.stop()

    assert watched.figures == [b"two"]


def test_panel_is_left_out(watched: Watched) -> None:
    watched.see("Running", display_id="panel")

    assert watched.path.read_text() == ""


def test_flood_of_figures_is_bounded_and_said(watched: Watched) -> None:
    for _ in range(MOST_FIGURES + 3):
        watched.see(FIGURE, b"x")

    assert len(watched.figures) == MOST_FIGURES
    assert watched.path.read_text().count("the first 100 figures are kept") == 1
