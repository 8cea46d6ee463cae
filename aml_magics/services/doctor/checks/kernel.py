"""The kernel that runs notebooks."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

from aml_magics.services.doctor.checks._base import Check, Finding, fail, ok, warn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WITH_SUBSHELLS: Final = 7
INSTALL: Final = "pip install 'ipykernel>=7'"


class KernelCheck(Check):
    """Reports whether the kernel answers panels while a cell runs."""

    def findings(self, folder: Path) -> Iterator[Finding]:
        """The abilities of the installed ipykernel."""
        del folder
        try:
            found = version("ipykernel")
        except PackageNotFoundError:
            yield fail("ipykernel is not installed, so no notebook runs here", INSTALL)
            return
        yield judged(found)


def judged(found: str) -> Finding:
    """Judge a version of ipykernel."""
    if int(found.partition(".")[0]) >= WITH_SUBSHELLS:
        return ok(f"ipykernel {found} answers panels while a cell runs")
    return warn(f"ipykernel {found} answers panels only between cells", INSTALL)
