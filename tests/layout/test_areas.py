"""Layers and areas: the folders of the package, those of its tests beside them, and how full they are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.source import PACKAGE, ROOT, SOURCES, TESTS, name_of

if TYPE_CHECKING:
    from pathlib import Path

FILES_A_FOLDER = 20
LAYERS = ("kinds", "magics", "sdk", "services", "store", "views")
# A registry's members are tested in one file; migrations are tested as the schema that they lead to.
WITHOUT_FOLDER = {"services/doctor/checks", "store/catalogue/migrations"}
AZURES_SHAPE = PACKAGE / "compat" / "azureml"


def _areas(folder: Path) -> set[str]:
    """The folders with Python files below a layer."""
    paths = [path for path in folder.rglob("*.py") if path.name != "__init__.py"]
    return {path.parent.relative_to(folder).as_posix() for path in paths} - {"."}


def test_a_folder_holds_at_most_20_files() -> None:
    counts = Counter(
        name_of(path.parent)
        for path in [*SOURCES, *TESTS]
        if path.name != "__init__.py" and not path.is_relative_to(AZURES_SHAPE)
    )

    assert {name: n for name, n in counts.items() if n > FILES_A_FOLDER} == {}


@pytest.mark.parametrize("layer", LAYERS)
def test_every_area_has_a_folder_of_tests(layer: str) -> None:
    areas = {f"{layer}/{area}" for area in _areas(PACKAGE / layer)}
    areas = {area for area in areas if not any(area.startswith(one) for one in WITHOUT_FOLDER)}
    tested = {f"{layer}/{area}" for area in _areas(ROOT / "tests" / layer)}

    assert areas - tested == set()


@pytest.mark.parametrize("layer", LAYERS)
def test_every_folder_of_tests_is_named_after_an_area(layer: str) -> None:
    assert _areas(ROOT / "tests" / layer) - _areas(PACKAGE / layer) == set()
