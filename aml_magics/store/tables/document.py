"""Documents of a run's snapshot: code, packages, git state; equal texts are stored once."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from aml_magics.store.catalogue.schema import document as table
from aml_magics.store.catalogue.schema import snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.store.catalogue.catalogue import Catalogue


class DocumentTable:
    """Snapshot parts by run."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._insert = catalogue.upsert(table).on_conflict_do_nothing()
        self._replace = catalogue.replace(snapshot, ["run", "part"], ["document"])

    def put(self, connection: sa.Connection, run: int, parts: Mapping[str, str]) -> None:
        """Store snapshot parts of a run, replacing those of the same names."""
        for part, text in parts.items():
            data = text.encode("utf-8", "replace")
            digest = hashlib.sha256(data).digest()
            find = sa.select(table.c.key).where(table.c.digest == digest)
            key = connection.scalar(find)
            if key is None:
                new = {"digest": digest, "data": zlib.compress(data, 6)}
                connection.execute(self._insert, new)
                key = connection.scalar(find)
            connection.execute(self._replace, {"run": run, "part": part, "document": key})

    def of(self, connection: sa.Connection, run: int, part: str | None = None) -> dict[str, str]:
        """The snapshot parts of a run, or only ``part``."""
        query = sa.select(snapshot.c.part, table.c.data).join(
            table, table.c.key == snapshot.c.document
        )
        where = [snapshot.c.run == run, *([] if part is None else [snapshot.c.part == part])]
        rows = connection.execute(query.where(*where).order_by(snapshot.c.part))
        return {part: zlib.decompress(data).decode() for part, data in rows}
