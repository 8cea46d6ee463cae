"""The catalogue: whether it answers, is intact, and has this version's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from aml_magics._version import VERSION
from aml_magics.services.doctor.checks._base import Check, Finding, fail, kept_catalogue, ok, warn
from aml_magics.store.catalogue.migration import REVISIONS, emptied
from aml_magics.store.catalogue.schema import REVISION, meta

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from aml_magics.store.catalogue.catalogue import Catalogue


class CatalogueCheck(Check):
    """Checks the catalogue."""

    def findings(self, folder: Path) -> Iterator[Finding]:
        """Its health, and the revision of its tables."""
        with kept_catalogue(folder) as catalogue:
            if catalogue is None:
                yield ok(f"no workspace in {folder} yet; the first use makes it")
                return
            with catalogue.read() as connection:
                yield _health(connection, catalogue)
                yield _schema(connection, catalogue)


def _health(connection: sa.Connection, catalogue: Catalogue) -> Finding:
    if not catalogue.is_sqlite:
        version = connection.exec_driver_sql("SHOW server_version").scalar()
        return ok(f"PostgreSQL {version} answers at {catalogue.address}")
    problems = list(connection.exec_driver_sql("PRAGMA quick_check(3)").scalars())
    if problems == ["ok"]:
        return ok(f"SQLite {catalogue.address} is whole")
    return fail(
        f"SQLite {catalogue.address} is damaged: {'; '.join(_lines(problems))}",
        f"put back a backup, or save what is readable: sqlite3 {catalogue.address} .recover",
    )


def _lines(problems: Iterable[str]) -> list[str]:
    lines = [line for problem in problems for line in problem.splitlines()]
    return [line for line in lines if not line.startswith("***")]


def _schema(connection: sa.Connection, catalogue: Catalogue) -> Finding:
    if not sa.inspect(connection).has_table("alembic_version"):
        if catalogue.is_sqlite:
            text, remedy = emptied(catalogue)
            return fail(text, remedy[0].lower() + remedy[1:])
        return warn("it has no tables yet", "the next use makes them")
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if found == REVISION:
        return ok(f"its tables are of this version (schema {found})")
    if found in REVISIONS:
        return warn(
            f"its tables are of an earlier version (schema {found})",
            f"the next use brings them to schema {REVISION}; back it up before, if you wish",
        )
    version = connection.scalar(sa.select(meta.c.value).where(meta.c.name == "version"))
    return fail(
        f"aml-magics {version} made its tables (schema {found}); this is {VERSION}, "
        f"which reads up to schema {REVISION}",
        f"pip install 'aml-magics>={version}'",
    )
