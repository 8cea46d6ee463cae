"""The extras: packages for optional features."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata, requires, version
from typing import TYPE_CHECKING, Final

from packaging.requirements import Requirement

from aml_magics._optional import pip_line
from aml_magics.services.doctor.checks._base import Check, Finding, ok, warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_SUMS: Final = frozenset({"all", "test"})
"""Extras composed of others."""


class ExtraCheck(Check):
    """Reports which extras are installed, and how to install the others."""

    def findings(self, folder: Path) -> Iterator[Finding]:
        """A warning for each outdated package of an extra, and a line about all extras."""
        del folder
        names = metadata("aml-magics").get_all("Provides-Extra") or ()
        yield from compare_extras(sorted({*names} - _SUMS), requires("aml-magics") or ())


def compare_extras(extras: Iterable[str], lines: Iterable[str]) -> Iterator[Finding]:
    """Compare the installed packages with some extras' requirement lines."""
    needs = [Requirement(line) for line in lines]
    here: list[str] = []
    absent: list[str] = []
    outdated: dict[str, str] = {}
    for extra in extras:
        own = [one for one in needs if one.marker and one.marker.evaluate({"extra": extra})]
        found = {one.name: _version(one.name) for one in own}
        (absent if None in found.values() else here).append(extra)
        for one in own:
            installed = found[one.name]
            if installed and not one.specifier.contains(installed, prereleases=True):
                outdated.setdefault(f"{one.name} {installed} is not {one.specifier}", extra)
    for problem, extra in outdated.items():
        yield warn(problem, pip_line(extra))
    text = f"installed: {', '.join(here) or 'none'}"
    if absent:
        text += f"; not installed: {', '.join(absent)} (`{pip_line('NAME')}` adds one)"
    yield ok(text)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
