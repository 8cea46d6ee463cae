"""The required packages."""

from __future__ import annotations

import shlex
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from aml_magics.services.doctor.checks._base import Check, Finding, fail, ok

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class PackageCheck(Check):
    """Compares installed versions with required ones."""

    def findings(self, folder: Path) -> Iterator[Finding]:
        """A failure for each missing or outdated package, else one line of versions."""
        del folder
        yield from compare(requires("aml-magics") or ())


def compare(lines: Iterable[str]) -> Iterator[Finding]:
    """Compare with requirement lines, except those of extras."""
    installed: list[str] = []
    problems: list[Finding] = []
    for need in map(Requirement, lines):
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        install = f"pip install {shlex.quote(f'{need.name}{need.specifier}')}"
        try:
            found = version(need.name)
        except PackageNotFoundError:
            problems.append(fail(f"{need.name} is not installed", install))
            continue
        if need.specifier.contains(found, prereleases=True):
            installed.append(f"{need.name} {found}")
        else:
            problems.append(fail(f"{need.name} {found} is not {need.specifier}", install))
    yield from problems or [ok(", ".join(installed))]
