"""Names of metrics, parameters and tags, each stored once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from aml_magics.store.catalogue.catalogue import on_commit
from aml_magics.store.catalogue.schema import name as table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aml_magics.store.catalogue.catalogue import Catalogue

T = TypeVar("T")

PIECE = 10_000
"""Bound values per statement: SQLite allows 32,766 and PostgreSQL 65,535."""


def in_pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Split values into batches that fit an SQL ``IN``."""
    for start in range(0, len(values), PIECE):
        yield values[start : start + PIECE]


class NameTable:
    """Texts and their keys; keys never change, so they are cached until the database reconnects."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._insert = catalogue.upsert(table).on_conflict_do_nothing()
        self._keys: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        catalogue.forget_with(self._forget)

    def _forget(self) -> None:
        self._keys, self._texts = {}, {}

    def keys(self, connection: sa.Connection, texts: Iterable[str]) -> dict[str, int]:
        """The keys of texts; new texts are added."""
        wanted = set(texts)
        known = self._keys
        missing = wanted - known.keys()
        if not missing:
            return {text: known[text] for text in wanted}
        rows = [{"text": text} for text in sorted(missing)]
        connection.execute(self._insert, rows)
        new = {
            text: key
            for some in in_pieces(sorted(missing))
            for key, text in connection.execute(sa.select(table).where(table.c.text.in_(some)))
        }
        on_commit(connection, lambda: known.update(new))
        return {**new, **{text: known[text] for text in wanted - missing}}

    def texts(self, connection: sa.Connection, keys: Iterable[int]) -> dict[int, str]:
        """The texts of keys."""
        wanted = set(keys)
        known = self._texts
        missing = wanted - known.keys()
        if missing:
            for some in in_pieces(sorted(missing)):
                for key, text in connection.execute(sa.select(table).where(table.c.key.in_(some))):
                    known[key] = text
        return {key: known[key] for key in wanted}

    def find(self, connection: sa.Connection, text: str) -> int | None:
        """The key of a text, or None if no run uses it."""
        known = self._keys
        if text not in known:
            key = connection.scalar(sa.select(table.c.key).where(table.c.text == text))
            if key is None:
                return None
            known[text] = key
        return known[text]
