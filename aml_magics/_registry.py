"""The folder is the registry: the members of a family are the files of its folder.

A member is one file with one public class, and the file's name is what users type. A folder within groups
members and has no name of its own for users. Another package
adds members through an entry point of the family's group, ``name = "module:Class"``; it cannot
replace one of ours. A member is imported when it is used, never to list the family.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar

from aml_magics.errors import DependencyError, NotFoundError, UsageError, did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

T = TypeVar("T")


@dataclass(frozen=True)
class Registry(Generic[T]):
    """One family of classes.

    Args:
        package: its files are the members, such as ``aml_magics.commands``.
        noun: what a member is called, for messages.
        left_out: files of the folder that are no members; those that start with ``_`` never are.
        is_dashed: whether the name of ``two_words.py`` is typed ``two-words``, as in a shell.
    """

    package: str
    base: type[T]
    noun: str
    left_out: frozenset[str] = frozenset()
    is_dashed: bool = False

    def names(self) -> list[str]:
        """Names of all members."""
        return sorted({*self._files(), *entry_points_of(self.package)})

    def load(self, name: str) -> type[T]:
        """Return the class of a member.

        Raises:
            NotFoundError: no member has that name; the message suggests the nearest.
            DependencyError: the package that adds it cannot be imported.
            UsageError: the package's entry point names something else.
        """
        if name in self._files():
            return self._only_class(self._files()[name])
        point = entry_points_of(self.package).get(name)
        if point is None:
            near = did_you_mean(name, self.names()) or f" There are: {', '.join(self.names())}."
            raise NotFoundError(f"No {self.noun} {name!r:.60}.{near}")
        return self._added(point)

    def _files(self) -> dict[str, str]:
        """The modules of the members, by the members' names."""
        return {
            name.replace("_", "-") if self.is_dashed else name: module
            for name, module in _modules(self.package).items()
            if name not in self.left_out
        }

    def _only_class(self, module_name: str) -> type[T]:
        module = import_module(module_name)
        own = [
            value
            for name, value in vars(module).items()
            if isinstance(value, type)
            and value.__module__ == module_name
            and not name.startswith("_")
            and issubclass(value, self.base)
        ]
        if len(own) != 1:
            found = ", ".join(each.__name__ for each in own) or "none"
            raise UsageError(
                f"A {self.noun} is a file with one public class derived from "
                f"{self.base.__name__}, and {module_name} has {found}; leave one in it."
            )
        return own[0]

    def _added(self, point: EntryPoint) -> type[T]:
        adder = point.dist.name if point.dist else "a package"
        try:
            found = point.load()
        except (ImportError, AttributeError) as error:
            raise DependencyError(
                f"The {self.noun} {point.name!r} of {adder} cannot be imported ({error}); "
                f"install {adder} again, or uninstall it."
            ) from error
        if isinstance(found, type) and issubclass(found, self.base):
            return found
        raise UsageError(
            f"The entry point {point.name!r} of {adder} must name a class derived from "
            f"{self.base.__module__}.{self.base.__name__}, and {point.value} is none."
        )


@cache
def _modules(package: str) -> dict[str, str]:
    """The modules of a package and of the folders in it, by their last names."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(import_module(package).__path__):
        path = f"{package}.{module.name}"
        if module.name.startswith("_"):
            continue
        found |= _modules(path) if module.ispkg else {module.name: path}
    return found


@cache
def entry_points_of(group: str) -> dict[str, EntryPoint]:
    """The entry points of a group by name."""
    from importlib.metadata import entry_points  # 10 ms that `%load_ext` does not need

    return {point.name: point for point in entry_points(group=group)}
