"""Lists files in a local folder or an fsspec file system."""

from __future__ import annotations

import os
import stat
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aml_magics.errors import InvalidPathError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aml_magics.services.data.store.location import Storage
    from aml_magics.services.data.store.path_pattern import DataPattern

UNFINISHED: Final = ".aml-part"
"""The suffix of a file being written; it is renamed once it is whole."""
_VERSIONS: Final = ("etag", "ETag", "md5", "md5Hash", "content_md5", "checksum")
_TIMESTAMPS: Final = ("last_modified", "LastModified", "mtime", "updated", "modified", "created")
_MOST_WAYS: Final = 1_000
"""How often links may reach one folder; folders that link to each other have endless paths."""


class FileInfo(NamedTuple):
    """A listed file.

    ``path`` is below the root, with ``/``; ``size`` in bytes; ``version`` changes with the contents: an etag,
    checksum or modification time; ``changed`` is the modification time, seconds since the epoch.
    """

    path: str
    size: int
    version: str
    changed: float | None


def checked(path: str, storage_name: str) -> str:
    """Return a listed path if it stays below the root; raises InvalidPathError otherwise."""
    if path.startswith("/") or "\0" in path or not {".", ".."}.isdisjoint(path.split("/")):
        raise InvalidPathError(
            f"{storage_name} has a file whose name leads out of its folder: {path!r:.200}. Nothing of it was read: "
            "give the file another name there, or leave it out by a pattern."
        )
    return path


def list_local(root: Path, pattern: DataPattern, *, is_own: bool = False) -> list[FileInfo]:
    """The files that match a pattern, by path, without pipes and devices; nothing is opened.

    Args:
        is_own: the user named the root by its path: then links may lead out of it.

    Raises:
        InvalidPathError: a link leads out of a datastore's root, or nowhere, or links lead to one folder
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
    """Resolve a path's links.

    Args:
        real_root: the folder it must stay below; empty allows any place.

    Raises:
        InvalidPathError: it leaves the root.
    """
    real = os.path.realpath(path)
    if real_root and real != real_root and not real.startswith(real_root.rstrip(os.sep) + os.sep):
        raise InvalidPathError(
            f"{str(path)!r:.300} leads out of {real_root!r:.200} by a link: copy the data into it, "
            "or register the folder that the link leads to."
        )
    return real


def _scan(real_root: str, start: str, pattern: DataPattern) -> Iterator[FileInfo]:
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
    """Whether it is a folder, whether a file, and the target of a link."""
    if not entry.is_symlink():
        return entry.is_dir(follow_symlinks=False), entry.is_file(follow_symlinks=False), entry.path
    path = within(real_root, entry.path)
    if not Path(path).exists():
        raise InvalidPathError(
            f"{entry.path!r:.300} is a link to {path!r:.300}, which is not there: remove the link, or put the file back."
        )
    return entry.is_dir(), entry.is_file(), path


def _entry(below: str, about: os.stat_result) -> FileInfo:
    return FileInfo(below, about.st_size, str(about.st_mtime_ns), about.st_mtime)


def list_remote(storage: Storage, pattern: DataPattern) -> list[FileInfo]:
    """The files that match a pattern, by path; each listing asks the server again.

    Raises:
        InvalidPathError: a file's name would lead out of its root.
    """
    storage.files.invalidate_cache()
    start = storage.at(pattern.prefix)
    skipped = len(pattern.prefix) + 1 if pattern.prefix else 0
    listed = (_below(storage, info) for info in _infos(storage, start, pattern))
    entries = (entry for entry in listed if entry is not None)
    return sorted(entry for entry in entries if pattern.means(entry.path[skipped:]))


def _infos(storage: Storage, start: str, pattern: DataPattern) -> Iterable[dict[str, Any]]:
    """The entries in a folder, or below it; the file itself if the path is one."""
    try:
        if pattern.depth == 1:
            listed: list[dict[str, Any]] = storage.files.ls(start, detail=True)
            return listed
        is_named = pattern.is_plain and bool(pattern.prefix)
        if is_named and "http" in storage.files.protocol:
            info: dict[str, Any] = storage.files.info(start)
            if info.get("mimetype") != "text/html":
                return [info]  # fsspec would search the whole file for links
        found: dict[str, dict[str, Any]] | list[str] = storage.files.find(start, detail=True)
        if is_named and (isinstance(found, list) or not any(found.values())):
            return [storage.files.info(start)]  # some list a file without its details
    except FileNotFoundError:
        return []
    return found.values() if isinstance(found, dict) else []


def _below(storage: Storage, info: dict[str, Any]) -> FileInfo | None:
    name: str = info["name"]
    if info.get("type") != "file" or name.endswith(("/", UNFINISHED)):
        return None
    return file_info_of(
        checked(name.removeprefix(storage.root).removeprefix("/"), storage.name), info
    )


def file_info_of(path: str, info: dict[str, Any]) -> FileInfo:
    """A file system's entry as a FileInfo."""
    changed = _seconds(next((info[key] for key in _TIMESTAMPS if info.get(key)), None))
    version = next((str(info[key]) for key in _VERSIONS if info.get(key)), "")
    size = int(info.get("size") or 0)
    return FileInfo(path, size, version.strip('"') or f"{size}-{changed or ''}", changed)


def _seconds(timestamp: object) -> float | None:
    """Seconds since the epoch, from any form of timestamp that file systems use."""
    if isinstance(timestamp, str):
        try:
            timestamp = datetime.fromisoformat(timestamp)
        except ValueError:
            return None
    if isinstance(timestamp, datetime):
        return (timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)).timestamp()
    return float(timestamp) if isinstance(timestamp, int | float) else None
