"""The table of artifacts: the digest of each file of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from aml_magics.records.artifact import ArtifactRecord
from aml_magics.store.catalogue.pipeline_schema import template_file
from aml_magics.store.catalogue.schema import artifact as table
from aml_magics.store.catalogue.schema import model_file, source_file
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.store.catalogue.catalogue import Catalogue

_USED: Final = (table, source_file)


HIDDEN: Final = "./"
"""What begins the name of a file that comes with another: `check_artifact_name` lets no user give one."""


class ArtifactTable:
    """Files of runs by name. Rows are written after their bytes, so no row dangles."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._add = catalogue.upsert(table).on_conflict_do_nothing(index_elements=["run", "name"])
        self._replace = catalogue.replace(table, ["run", "name"], ["digest", "size", "created"])

    def put(self, connection: sa.Connection, run: int, records: Iterable[ArtifactRecord]) -> None:
        """Add files, replacing those of the same names."""
        rows = [
            {
                "run": run,
                "name": one.name,
                "digest": one.digest,
                "size": one.size,
                "created": one.created,
            }
            for one in records
        ]
        if rows:
            connection.execute(self._replace, rows)

    def add(self, connection: sa.Connection, run: int, one: ArtifactRecord) -> bool:
        """Add a file unless the name is taken; whether the run has exactly this file now."""
        row = {"run": run, "name": one.name, "digest": one.digest, "size": one.size}
        if connection.execute(self._add, {**row, "created": one.created}).rowcount == 1:
            return True
        # An earlier attempt may have committed it and lost the answer.
        return self.get(connection, run, one.name) == one

    def remove(self, connection: sa.Connection, run: int, name: str) -> None:
        """Remove a file of a run; its bytes stay."""
        connection.execute(sa.delete(table).where(table.c.run == run, table.c.name == name))

    def of(self, connection: sa.Connection, run: int) -> list[ArtifactRecord]:
        """The files of a run by name, without hidden ones."""
        columns = (table.c.name, table.c.digest, table.c.size, table.c.created)
        is_shown = ~table.c.name.startswith(HIDDEN, autoescape=True)
        rows = connection.execute(
            sa.select(*columns).where(table.c.run == run, is_shown).order_by(table.c.name)
        )
        return [ArtifactRecord(*row) for row in rows]

    def get(self, connection: sa.Connection, run: int, name: str) -> ArtifactRecord | None:
        """One file of a run."""
        columns = (table.c.name, table.c.digest, table.c.size, table.c.created)
        row = connection.execute(
            sa.select(*columns).where(table.c.run == run, table.c.name == name)
        ).one_or_none()
        return ArtifactRecord(*row) if row else None

    def digests_only_in(self, connection: sa.Connection, runs: Sequence[int]) -> list[str]:
        """Digests used by no run outside ``runs``, no model and no pipeline, so that their bytes can be deleted."""
        mine = {
            digest
            for used in _USED
            for some in in_pieces(runs)
            for digest in connection.scalars(sa.select(used.c.digest).where(used.c.run.in_(some)))
        }
        return self.unused(connection, sorted(mine), but_in=runs)

    def unused(
        self, connection: sa.Connection, digests: Sequence[str], but_in: Sequence[int] = ()
    ) -> list[str]:
        """Those of the digests that no model and no template of a step has, and no run outside of ``but_in``."""
        going = set(but_in)
        kept: set[str] = set()
        for some in in_pieces(digests):
            for used in _USED:
                rows = sa.select(used.c.digest, used.c.run).where(used.c.digest.in_(some))
                kept |= {digest for digest, run in connection.execute(rows) if run not in going}
            for held in (model_file, template_file):
                rows = sa.select(held.c.digest).where(held.c.digest.in_(some))
                kept |= set(connection.scalars(rows))
        return sorted(set(digests) - kept)
