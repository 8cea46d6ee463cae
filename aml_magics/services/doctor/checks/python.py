"""The interpreter and this package."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

from aml_magics._version import VERSION
from aml_magics.services.doctor.checks._base import Check, Finding, ok

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class PythonCheck(Check):
    """Reports versions, for a bug report's head."""

    def findings(self, folder: Path) -> Iterator[Finding]:
        """One line of versions."""
        del folder
        yield ok(
            f"aml-magics {VERSION}, {platform.python_implementation()} {platform.python_version()} "
            f"({sys.executable}) on {platform.system()} {platform.machine()}"
        )
