"""The file of an output that has what all calls of ``run()`` returned."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from pathlib import Path

_ROWS: Final = "rows"


class RowFile:
    """Rows in the order in which mini-batches end; the output has the file only once it is whole.

    Args:
        path: of the file in the output, whose folder is made.
        work: the folder of the driver, where rows are kept until then: a driver that is killed leaves nothing in the
            output. In a run both are below its folder, so the file moves by its name alone.
    """

    def __init__(self, path: Path, work: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._rows = work / _ROWS
        self._file = self._rows.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, problem: type[BaseException] | None, *_: object) -> None:
        with self._file:
            if problem is None:
                self._file.flush()
                os.fsync(self._file.fileno())
        if problem is None:
            shutil.move(self._rows, self._path)

    def append(self, rows: bytes) -> None:
        """Append the rows of a mini-batch."""
        self._file.write(rows)
