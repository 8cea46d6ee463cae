"""Journals of dead processes, and damaged ones."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from aml_magics.services.doctor.checks._base import Check, Finding, kept_catalogue, ok, warn
from aml_magics.services.run.ingest import JournalName
from aml_magics.store.catalogue.schema import REVISION
from aml_magics.store.tables.owner import OwnerTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics.store.catalogue.catalogue import Catalogue

_NEXT_USE: Final = f"the next use brings them to schema {REVISION}; check again then"


class JournalCheck(Check):
    """Finds journals without a writer."""

    reads_runs = True

    def findings(self, folder: Path) -> Iterator[Finding]:
        """Leftover and quarantined journals."""
        with kept_catalogue(folder) as catalogue:
            if catalogue is not None and not _is_current(catalogue):
                yield warn("not checked, since the tables are of an earlier version", _NEXT_USE)
                return
            left = [] if catalogue is None else _left(catalogue, folder)
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


def _is_current(catalogue: Catalogue) -> bool:
    with catalogue.read() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return bool(found == REVISION)


def _left(catalogue: Catalogue, folder: Path) -> list[Path]:
    named = [(path, JournalName.of(path)) for path in sorted(folder.glob("journals/*.journal"))]
    table = OwnerTable(catalogue, folder)
    with catalogue.read() as connection:
        owners = table.get(connection, {name.owner for _, name in named if name})
    gone = {id_ for id_, owner in owners.items() if table.is_alive(owner) is False}
    gone |= table.locks.released() - owners.keys()
    return [path for path, name in named if name and name.owner in gone]
