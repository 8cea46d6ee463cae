"""Free space on the workspace's disk."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from aml_magics.services.doctor.checks._base import Check, Finding, fail, ok, warn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LITTLE: Final = 1_000_000_000
TOO_LITTLE: Final = 50_000_000


class DiskCheck(Check):
    """Reports the free space."""

    def findings(self, folder: Path) -> Iterator[Finding]:
        """Free bytes where the workspace is, or will be."""
        place = next(each for each in (folder, *folder.parents) if each.exists())
        yield judged(shutil.disk_usage(place).free, folder)


def judged(free: int, folder: Path) -> Finding:
    """Judge an amount of free bytes."""
    text = f"{free / 1e9:,.1f} GB free for {folder}"
    remedy = "free some space, or move the workspaces and set AML_MAGICS_HOME to their new place"
    if free < TOO_LITTLE:
        return fail(text, remedy)
    return warn(text, remedy) if free < LITTLE else ok(text)
