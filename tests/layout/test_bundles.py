"""The built front end is small: no page pays for a screen that it does not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fixtures.bundle import scripts, size_of, widgets
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FIRST = 65_000  # each screen adds about 700 bytes: its name, its icon, its command; a type of files adds 2,700
CHUNK = 70_000
WIDGET = 130_000


def _too_large(paths: list[Path], limit: int) -> dict[str, int]:
    return {path.name: size_of(path) for path in paths if size_of(path) > limit}


def test_a_page_loads_little_before_the_first_screen() -> None:
    first, _ = scripts(ROOT)

    assert first, "the front end is not built: make front"
    assert size_of(*first) <= FIRST, {path.name: size_of(path) for path in first}


def test_each_screen_is_a_small_chunk() -> None:
    _, later = scripts(ROOT)

    assert _too_large(later, CHUNK) == {}
    screens = {path.parent.name for path in ROOT.glob("labextension/src/screens/*/screen.tsx")}
    assert {path.name.split("_")[2] for path in later if "lib_screens_" in path.name} == screens


def test_each_widget_carries_its_screen_alone() -> None:
    found = widgets(ROOT)

    assert _too_large(found, WIDGET) == {}
    assert [path.stem for path in found] == [
        "compare", "computes", "dataset", "model", "models", "pipeline", "pipelines", "run", "runs", "service", "services", "sweep",
    ]  # fmt: skip
    assert [path.name for path in found[0].parent.glob("*.css")] == ["screens.css"]


@pytest.mark.parametrize("place", ["labextension/static", "widgets/static"])
def test_nothing_ships_that_nothing_loads(place: str) -> None:
    suffixes = {path.suffix for path in (ROOT / "aml_magics" / place).iterdir()}

    assert suffixes <= {".js", ".css", ".json"}
    assert not [path for path in (ROOT / "aml_magics" / place).iterdir() if ".map" in path.name]
