"""The snapshot of a run, part by part, as text."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.services.run import code_snapshot as snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LONGEST: Final = 256_000
_TITLES: Final = {
    "warnings": "Warnings",
    "source": "Code of the cell",
    "upstream": "Cells it builds on",
    "data": "Data",
    "git": "Git",
    "patch": "Uncommitted changes",
    "packages": "Packages",
}


@dataclass(frozen=True, slots=True)
class SnapshotPartView:
    """One part: its name in the store, its title and its text."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """All parts of a run's snapshot; empty if none was taken."""

    parts: tuple[SnapshotPartView, ...]


def snapshot_view(store: Store, record: RunRecord) -> SnapshotView:
    """The view of a run's snapshot."""
    return snapshot_view_of(snapshot.of(store, record))


def snapshot_view_of(parts: Mapping[str, str]) -> SnapshotView:
    """The view of a snapshot from its parts."""
    names = [*(name for name in _TITLES if name in parts), *sorted(parts.keys() - _TITLES.keys())]
    return SnapshotView(
        tuple(
            SnapshotPartView(name, _TITLES.get(name, name), _readable(parts[name]))
            for name in names
            if parts[name].strip()
        )
    )


def _readable(text: str) -> str:
    if text.lstrip().startswith("{"):
        with suppress(ValueError):  # code can start with the same characters
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n… {len(text) - LONGEST:,} more characters are kept and not shown."
