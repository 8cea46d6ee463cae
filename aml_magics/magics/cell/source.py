"""The code snapshot of a cell: its source, the cells it builds on, its data and its environment."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.magics.cell.data_fingerprint import fingerprints
from aml_magics.magics.cell.environment import git_parts, packages
from aml_magics.magics.cell.upstream import names_of, upstream_of
from aml_magics.magics.failure import complaining
from aml_magics.records.secret import mask
from aml_magics.services.run.code_snapshot import put

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.magics.cell.cell import Cell
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

HEAD_START = 0.25


class CodeSnapshotThread(threading.Thread):
    """Writes the code snapshot of a cell.

    The caller's thread reads what the cell itself could change. This thread reads packages and git, and
    writes everything, whether the run has ended or not. It starts when the cell has ended, or after
    `HEAD_START` seconds, so that a short cell has the interpreter to itself. The interpreter waits for
    this thread at its own end.

    Args:
        values: the user's variables before the cell.
    """

    def __init__(
        self, store: Store, record: RunRecord, cell: Cell, values: Mapping[str, Any]
    ) -> None:
        super().__init__(name="aml_magics-code-snapshot")
        self._store = store
        self._record = record
        self._parts = cell_parts(cell, values)
        self._folder = Path.cwd()
        self._cell_has_ended = threading.Event()

    def cell_ended(self) -> None:
        """Start now: there is no cell left to slow down."""
        self._cell_has_ended.set()

    def run(self) -> None:
        """Read the remaining parts and write them all."""
        self._cell_has_ended.wait(HEAD_START)
        with complaining(f"no code snapshot of run {self._record.name!r} was kept"):
            parts = {part: mask(text) for part, text in self._parts.items()}
            parts |= {part: mask(text) for part, text in git_parts(self._folder).items()}
            put(self._store, self._record, {**parts, "packages": packages()})


def cell_parts(cell: Cell, values: Mapping[str, Any]) -> dict[str, str]:
    """The parts that the cell itself could change: code and data."""
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
