"""The file of an output that has what all calls of ``run()`` returned."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path


class RowFile:
    """Rows in the order in which mini-batches end; the file has its name only once it is whole.

    In a ``with`` block it is removed when the block raises.
    """

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / name
        self._part = folder / f".{name}.part"
        self._file = self._part.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, problem: type[BaseException] | None, *_: object) -> None:
        if problem is None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._part.replace(self._path)
        else:
            self._file.close()
            self._part.unlink(missing_ok=True)

    def append(self, rows: bytes) -> None:
        """Append the rows of a mini-batch."""
        self._file.write(rows)
