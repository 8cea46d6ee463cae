"""A run's provenance: its code, the cells before it, packages, git state, data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.records.value import plain_text
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def put(store: Store, record: RunRecord, parts: Mapping[str, str]) -> None:
    """Store parts of a run's snapshot; equal texts of several runs are stored once."""
    texts = {part: plain_text(text) for part, text in parts.items()}
    store.catalogue.transact(lambda connection: store.documents.put(connection, record.key, texts))


@retried
def of(store: Store, record: RunRecord) -> dict[str, str]:
    """The parts of a run's snapshot."""
    with store.catalogue.read() as connection:
        return store.documents.of(connection, record.key)


@retried
def part(store: Store, record: RunRecord, name: str) -> str:
    """One part of a run's snapshot, or an empty text."""
    with store.catalogue.read() as connection:
        return store.documents.of(connection, record.key, name).get(name, "")
