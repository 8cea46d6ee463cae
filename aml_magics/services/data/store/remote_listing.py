"""Files of a file system that fsspec reaches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aml_magics.services.data.store.file_info import UNFINISHED, Entry, checked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.services.data.store.location import Place
    from aml_magics.services.data.store.path_pattern import DataPattern

_STAMPS: Final = ("etag", "ETag", "md5", "md5Hash", "content_md5", "checksum")
_MOMENTS: Final = ("last_modified", "LastModified", "mtime", "updated", "modified", "created")


def list_remote(place: Place, pattern: DataPattern) -> list[Entry]:
    """Files that a pattern means, by path; each listing asks the place anew.

    Raises:
        InvalidPathError: the place has a file whose name would lead out of its root.
    """
    place.files.invalidate_cache()
    start = place.at(pattern.prefix)
    skipped = len(pattern.prefix) + 1 if pattern.prefix else 0
    listed = (_below(place, info) for info in _infos(place, start, pattern))
    entries = (entry for entry in listed if entry is not None)
    return sorted(entry for entry in entries if pattern.means(entry.below[skipped:]))


def _infos(place: Place, start: str, pattern: DataPattern) -> Iterable[dict[str, Any]]:
    """What there is in a folder, or below it; a file where the path is one."""
    try:
        if pattern.depth == 1:
            listed: list[dict[str, Any]] = place.files.ls(start, detail=True)
            return listed
        is_named = pattern.is_plain and bool(pattern.prefix)
        if is_named and "http" in place.files.protocol:
            info: dict[str, Any] = place.files.info(start)
            if info.get("mimetype") != "text/html":
                return [info]  # fsspec looks for links in all of a file
        found: dict[str, dict[str, Any]] | list[str] = place.files.find(start, detail=True)
        if is_named and (isinstance(found, list) or not any(found.values())):
            return [place.files.info(start)]  # some list a file without what they know of it
    except FileNotFoundError:
        return []
    return found.values() if isinstance(found, dict) else []


def _below(place: Place, info: dict[str, Any]) -> Entry | None:
    name: str = info["name"]
    if info.get("type") != "file" or name.endswith(("/", UNFINISHED)):
        return None
    return entry_of(checked(name.removeprefix(place.root).removeprefix("/"), place.name), info)


def entry_of(below: str, info: dict[str, Any]) -> Entry:
    """What a file system tells of the file of a path."""
    changed = _seconds(next((info[key] for key in _MOMENTS if info.get(key)), None))
    stamp = next((str(info[key]) for key in _STAMPS if info.get(key)), "")
    size = int(info.get("size") or 0)
    return Entry(below, size, stamp.strip('"') or f"{size}-{changed or ''}", changed)


def _seconds(moment: object) -> float | None:
    """A moment as a file system tells it, as seconds since the epoch."""
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return None
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return float(moment) if isinstance(moment, int | float) else None
