"""Clocks: this machine's against the file system's and the database's."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.services.doctor.checks._base import Check, Finding, fail, kept_catalogue, ok, warn
from aml_magics.store.tables.owner import OwnerTable

if TYPE_CHECKING:
    from collections.abc import Iterator

SKEW: Final = 2.0
"""Seconds: file systems and round trips to a database account for less."""

BAD_SKEW: Final = 60.0
REMEDY: Final = "let the machines keep network time: timedatectl set-ntp true"


class ClockCheck(Check):
    """Compares the clocks that runs depend on."""

    reads_runs = True

    def findings(self, folder: Path) -> Iterator[Finding]:
        """The differences between the clocks."""
        if folder.exists():
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".clock-") as file:
                yield judged("the file system", Path(file.name).stat().st_mtime - time.time())
        with kept_catalogue(folder) as catalogue:
            if catalogue is not None and not catalogue.is_sqlite:
                with catalogue.read() as connection:
                    yield judged(
                        "PostgreSQL", OwnerTable(catalogue, folder).now(connection) - time.time()
                    )
        if not folder.exists():
            yield ok("nothing to compare with yet")


def judged(whose: str, ahead: float) -> Finding:
    """Judge a difference of ``ahead`` seconds."""
    if abs(ahead) < SKEW:
        return ok(f"agrees with that of {whose}")
    side = "ahead of" if ahead > 0 else "behind"
    text = f"{whose} is {abs(ahead):,.0f} s {side} this machine, so times of runs are off"
    return fail(text, REMEDY) if abs(ahead) >= BAD_SKEW else warn(text, REMEDY)
