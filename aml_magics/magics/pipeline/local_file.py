"""Plain files beside the notebook that a cell reads: they go along with its step, as modules do.

A step has a folder of its own, on whatever machine it runs, and is reused while nothing of that folder has changed. So
it does not run in the folder of the notebook, and what the cell reads there has to be known.
"""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING, Final

from aml_magics.errors import UsageError
from aml_magics.magics.remote.shipment import CELL_FILE, MOST_BYTES, OPTIONS_FILE
from aml_magics.views.text.format import bytes_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LONGEST: Final = 1000
_OWN: Final = frozenset({CELL_FILE, OPTIONS_FILE, "variables.pkl"})


def local_files(python: str, asked: Iterable[str], place: Path) -> dict[str, Path]:
    """The files below a folder that code names by a text, and those that were asked for; by their paths from there.

    Args:
        python: the cell, without magics; a path that it puts together of several texts is not known.
        asked: paths of files and folders, and patterns, from the folder of the notebook.

    Raises:
        UsageError: what was asked for is not there, or elsewhere, or all together are too large.
    """
    named = [text for text in _texts(python) if _is_file_below(text, place)]
    found = {path.relative_to(place).as_posix(): path for path in (place / one for one in named)}
    for pattern in asked:
        found |= _asked(pattern, place)
    total = sum(path.stat().st_size for path in found.values())
    if total > MOST_BYTES:
        largest = max(found, key=lambda name: found[name].stat().st_size)
        raise UsageError(
            f"The cell takes {bytes_text(total)} of files along; {bytes_text(MOST_BYTES)} can go. The largest is {largest!r} "
            f"({bytes_text(found[largest].stat().st_size)}): make a dataset of it, and take that by --input data=dataset:NAME."
        )
    return found


def _asked(pattern: str, place: Path) -> dict[str, Path]:
    if pattern.startswith(("/", "~")) or ".." in pattern.split("/"):
        raise UsageError(
            f"--files takes what lies below the folder of the notebook, such as data.csv or parts/*.csv, not {pattern!r:.100}; "
            "make a dataset of other files, and take that by --input data=dataset:NAME."
        )
    hits = sorted(place.glob(pattern.rstrip("/") or "."))
    files = [
        file
        for hit in hits
        for file in (sorted(hit.rglob("*")) if hit.is_dir() else [hit])
        if file.is_file() and "__pycache__" not in file.parts
    ]
    if not files:
        raise UsageError(
            f"--files {pattern!r:.100}: there is no such file below {str(place)!r:.200}; write its path from there."
        )
    names = {file.relative_to(place).as_posix(): file for file in files}
    if taken := sorted(_OWN & set(names)):
        raise UsageError(
            f"--files {pattern!r:.100}: the folder of a step has a file {taken[0]!r} of its own; give yours another name."
        )
    return names


def _texts(python: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(python)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _is_file_below(text: str, place: Path) -> bool:
    if not text.isprintable() or not 0 < len(text) < _LONGEST or os.path.isabs(text):  # noqa: PTH117 -- a text
        return False
    return text not in _OWN and ".." not in text.split("/") and (place / text).is_file()
