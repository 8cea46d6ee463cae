"""The snapshot of a cell: taken in an instant, completed and kept in the background."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.magics.cell.data_fingerprint import fingerprints
from aml_magics.magics.cell.environment import git_parts, packages
from aml_magics.magics.cell.upstream import names_of, upstream_of
from aml_magics.magics.failure import complain
from aml_magics.records.secret import mask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.magics.cell.cell import Cell
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

HEAD_START = 0.25


class SnapshotThread(threading.Thread):
    """Keeps the snapshot of a cell.

    What the cell could change is read at once, by the caller. Packages and git are read by the
    thread, which also writes everything, be the run still going or ended. It starts that when the
    cell has ended, or has gone on for a while, so that a short cell does not wait for it. The
    interpreter waits for it at its own end.

    Args:
        store: where the run is kept.
        record: the run.
        cell: its cell.
        values: the user's variables as the cell finds them.
    """

    def __init__(
        self, store: Store, record: RunRecord, cell: Cell, values: Mapping[str, Any]
    ) -> None:
        super().__init__(name="aml_magics-snapshot")
        self._store = store
        self._record = record
        self._parts = cell_parts(cell, values)
        self._folder = Path.cwd()
        self._cell_has_ended = threading.Event()

    def hurry(self) -> None:
        """The cell has ended: there is nobody left to keep from working."""
        self._cell_has_ended.set()

    def run(self) -> None:
        """Read what is missing and write it all."""
        from aml_magics.services.run.code_snapshot import put

        self._cell_has_ended.wait(HEAD_START)
        try:
            parts = {part: mask(text) for part, text in self._parts.items()}
            parts |= {part: mask(text) for part, text in git_parts(self._folder).items()}
            put(self._store, self._record, {**parts, "packages": packages()})
        except Exception as error:  # noqa: BLE001 -- a thread has nobody to raise to
            complain(f"no snapshot of run {self._record.name!r} was kept", error)


def cell_parts(cell: Cell, values: Mapping[str, Any]) -> dict[str, str]:
    """The parts of the snapshot that the cell itself could change: code and data."""
    used = names_of(cell.python).used
    upstream = upstream_of(cell.history, used)
    parts = {"source": cell.source}
    if upstream.cells:
        parts["upstream"] = "\n".join(
            f"# In [{count}]\n{_typed(cell, count).strip()}\n" for count in upstream.cells
        )
    if upstream.warnings:
        parts["warnings"] = "\n".join(upstream.warnings)
    data = fingerprints(used, values)
    if data:
        parts["data"] = json.dumps(data)
    return parts


def _typed(cell: Cell, count: int) -> str:
    texts = cell.typed if count < len(cell.typed) else cell.history
    return texts[count]
