"""Journals: points of processes that are gone, and what could not be read."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from aml_magics.services.doctor_checks._base import Check, Finding, kept_catalogue, ok, warn
from aml_magics.services.ingest import JournalName
from aml_magics.store.owner import OwnerTable, is_alive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics.store.catalogue import Catalogue


class JournalCheck(Check):
    """Looks for journals that nobody writes any more."""

    reads_runs = True

    def findings(self, folder: Path) -> Iterator[Finding]:
        """Leftover and quarantined journals."""
        with kept_catalogue(folder) as catalogue:
            left = [] if catalogue is None else _left(catalogue, folder / "journals")
        aside = folder / "journals" / "quarantine"
        damaged = list(aside.iterdir()) if aside.is_dir() else []
        if left:
            yield warn(
                f"{len(left)} left by processes that are gone, such as {left[0].name}",
                "`aml-magics runs` reads them into the catalogue",
            )
        if damaged:
            yield warn(
                f"{len(damaged)} with damaged records are kept in {aside}; all others were read",
                f"when you need them no more: rm -r {shlex.quote(str(aside))}",
            )
        if not left and not damaged:
            yield ok("nothing left behind")


def _left(catalogue: Catalogue, folder: Path) -> list[Path]:
    named = [(path, JournalName.of(path)) for path in sorted(folder.glob("*.journal"))]
    with catalogue.read() as connection:
        owners = OwnerTable(catalogue).get(connection, {name.owner for _, name in named if name})
    gone = {id_ for id_, owner in owners.items() if is_alive(owner) is False}
    return [
        path for path, name in named if name and (name.owner in gone or name.owner not in owners)
    ]
