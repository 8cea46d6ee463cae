from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from aml_magics import _registry
from aml_magics._registry import Registry
from aml_magics.errors import DependencyError, NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Animal:
    """The base class of a family."""


MEMBER = """
from tests_animal import Animal
class {name}(Animal):
    pass
class _Hidden(Animal):
    pass
"""


@pytest.fixture
def zoo(tmp_path, monkeypatch) -> Iterator[Registry[Animal]]:
    """A family in a folder, and a package beside it that adds to it by entry points."""
    folder = tmp_path / "lib" / "zoo"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "_base.py").touch()
    (folder / "keeper.py").touch()
    (folder / "cat.py").write_text(MEMBER.format(name="Cat"))
    (folder / "dog.py").write_text(MEMBER.format(name="Dog"))
    (folder / "two.py").write_text(MEMBER.format(name="One") + MEMBER.format(name="Two"))
    (folder / "none.py").write_text("from tests_animal import Animal\n")
    (folder / "birds").mkdir()
    (folder / "birds" / "__init__.py").touch()
    (folder / "birds" / "_nest.py").touch()
    (folder / "birds" / "hen.py").write_text(MEMBER.format(name="Hen"))
    (folder / "broken.py").write_text("raise AssertionError('imported')\n")
    (tmp_path / "lib" / "stable.py").write_text(MEMBER.format(name="Horse") + "text = 'x'\n")
    info = tmp_path / "lib" / "stable-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stable\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[zoo]\nhorse = stable:Horse\ncat = stable:Horse\nhay = stable:text\nmule = stable:Mule\n"
        "pony = ponies:Pony\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    monkeypatch.setitem(sys.modules, "tests_animal", sys.modules[__name__])
    _registry._modules.cache_clear()
    _registry.entry_points_of.cache_clear()
    yield Registry("zoo", Animal, "animal", left_out=frozenset({"keeper"}))
    for name in [each for each in sys.modules if each.split(".")[0] in ("zoo", "stable")]:
        del sys.modules[name]
    _registry._modules.cache_clear()
    _registry.entry_points_of.cache_clear()


def test_members_are_the_files_of_the_folder_and_the_entry_points(zoo):
    assert zoo.names() == [
        "broken", "cat", "dog", "hay", "hen", "horse", "mule", "none", "pony", "two",
    ]  # fmt: skip


def test_a_member_is_imported_when_it_is_used_and_not_before(zoo):
    zoo.names()
    assert "zoo.dog" not in sys.modules

    assert zoo.load("dog").__name__ == "Dog"

    assert "zoo.cat" not in sys.modules


def test_a_folder_within_groups_members(zoo):
    assert zoo.load("hen").__name__ == "Hen"
    with pytest.raises(NotFoundError, match="No animal 'birds'"):
        zoo.load("birds")


def test_a_package_adds_a_member(zoo):
    assert zoo.load("horse").__name__ == "Horse"


def test_a_package_does_not_replace_a_member_of_ours(zoo):
    assert zoo.load("cat").__name__ == "Cat"


def test_an_unknown_name_is_refused_with_the_nearest(zoo):
    with pytest.raises(NotFoundError, match=r"No animal 'dogg'\. Did you mean 'dog'\?"):
        zoo.load("dogg")


def test_an_unknown_name_is_refused_with_all_where_none_is_near(zoo):
    with pytest.raises(NotFoundError, match=r"No animal 'zzz'\. There are: broken, cat, dog,"):
        zoo.load("zzz")


@pytest.mark.parametrize("name", ["_base", "keeper", "__init__", "", "cat.dog", "../cat"])
def test_only_members_are_loaded(zoo, name):
    with pytest.raises(NotFoundError, match="No animal"):
        zoo.load(name)


def test_a_file_has_one_public_class(zoo):
    with pytest.raises(UsageError, match=r"one public class derived from Animal.*has One, Two"):
        zoo.load("two")
    with pytest.raises(UsageError, match=r"zoo\.none has none; leave one in it"):
        zoo.load("none")


@pytest.mark.parametrize("name", ["pony", "mule"])
def test_a_package_that_cannot_be_imported_is_named_with_the_remedy(zoo, name):
    with pytest.raises(DependencyError, match=f"animal '{name}' of stable cannot be imported"):
        zoo.load(name)


def test_an_entry_point_names_a_class_of_the_family(zoo):
    with pytest.raises(
        UsageError, match=r"'hay' of stable must name a class derived from .*Animal"
    ):
        zoo.load("hay")
