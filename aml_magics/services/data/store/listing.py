"""Files in a folder of this machine, found by scanning folders."""

from __future__ import annotations

import os
import stat
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidPathError
from aml_magics.services.data.store.file_info import UNFINISHED, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aml_magics.services.data.store.path_pattern import DataPattern

_MOST_WAYS: Final = 1_000
"""How often one folder may be met by links; folders that link to each other have more ways than can be gone."""


def list_local(root: Path, pattern: DataPattern, *, is_own: bool = False) -> list[Entry]:
    """Files that a pattern means, by path; pipes and devices are none, and nothing is opened.

    Args:
        root: where to look.
        pattern: what to look for, below it.
        is_own: whether the user named the root by its path: then links may lead out of it.

    Raises:
        InvalidPathError: a link leads out of the root of a datastore, or nowhere, or links lead to one folder
            over and over.
        OSError: a folder cannot be read.
    """
    real = "" if is_own else os.path.realpath(root)
    start = within(real, root / pattern.prefix)
    try:
        about = Path(start).stat()
    except (FileNotFoundError, NotADirectoryError):
        return []
    if stat.S_ISREG(about.st_mode):
        return [_entry(pattern.prefix, about)] if pattern.is_plain and pattern.prefix else []
    if not stat.S_ISDIR(about.st_mode):
        return []
    return sorted(_scan(real, start, pattern))


def within(real_root: str, path: Path | str) -> str:
    """Where a path is once its links are followed.

    Args:
        real_root: what it must be below; anywhere is fine where it is empty.
        path: of this machine.

    Raises:
        InvalidPathError: that is not below the root.
    """
    real = os.path.realpath(path)
    if real_root and real != real_root and not real.startswith(real_root.rstrip(os.sep) + os.sep):
        raise InvalidPathError(
            f"{str(path)!r:.300} leads out of {real_root!r:.200} by a link: copy the data into it, "
            "or register the folder that the link leads to."
        )
    return real


def _scan(real_root: str, start: str, pattern: DataPattern) -> Iterator[Entry]:
    top = pattern.prefix + "/" if pattern.prefix else ""
    pending = [(start, "", 0, frozenset([start]))]
    ways: Counter[str] = Counter()
    while pending:
        folder, inner, level, above = pending.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                relative = inner + entry.name
                is_folder, is_file, path = _kind(real_root, entry)
                if is_folder:
                    if path not in above and pattern.enters(level, entry.name):
                        pending.append((path, relative + "/", level + 1, above | {path}))
                        _count_way(ways, path)
                elif is_file and pattern.means(relative) and not relative.endswith(UNFINISHED):
                    yield _entry(top + relative, entry.stat())


def _count_way(ways: Counter[str], path: str) -> None:
    ways[path] += 1
    if ways[path] > _MOST_WAYS:
        raise InvalidPathError(
            f"Links lead to {path!r:.300} in more than {_MOST_WAYS:,} ways: remove those that lead round, or name the "
            "folders with data one by one."
        )


def _kind(real_root: str, entry: os.DirEntry[str]) -> tuple[bool, bool, str]:
    """Whether it is a folder, whether a file, and where a link leads."""
    if not entry.is_symlink():
        return entry.is_dir(follow_symlinks=False), entry.is_file(follow_symlinks=False), entry.path
    path = within(real_root, entry.path)
    if not Path(path).exists():
        raise InvalidPathError(
            f"{entry.path!r:.300} is a link to {path!r:.300}, which is not there: remove the link, or put the file back."
        )
    return entry.is_dir(), entry.is_file(), path


def _entry(below: str, about: os.stat_result) -> Entry:
    return Entry(below, about.st_size, str(about.st_mtime_ns), about.st_mtime)
