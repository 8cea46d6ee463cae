"""The files of a dataset: finding, opening."""

from __future__ import annotations

import os
import stat
from collections import Counter
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from unicodedata import normalize

from aml_magics.errors import DataNotFoundError, InvalidPathError, did_you_mean
from aml_magics.records.dataset import Location
from aml_magics.services.data.store.access import reaching
from aml_magics.services.data.store.file_step import after_steps
from aml_magics.services.data.store.listing import list_local, list_remote
from aml_magics.services.data.store.location import place_of
from aml_magics.services.data.store.path_pattern import DataPattern, read_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.records.dataset import Definition
    from aml_magics.services.data.store.listing import Entry
    from aml_magics.services.data.store.location import Place
    from aml_magics.store.store import Store

_TOLD: Final = 5
_AHEAD: Final = 1 << 21
"""Bytes of a remote file that are read beyond those that are asked for; clouds' packages take 50 MB."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a dataset, as it was when it was looked for.

    Args:
        location: where it is, as it could be written in a definition.
        place_name: of its datastore, for messages.
        path: in the form of its file system.
        size: in bytes.
        stamp: changes when its contents do: the moment of its last change in nanoseconds, or the etag or
            checksum of a remote store.
        changed: when it was written last, seconds since the epoch; None where the store does not say.
        relative: what it is called in the dataset: its path after the folders that the pattern names,
            without a leading slash. No two files of a dataset have the same.
        place: where it lies.
    """

    location: Location
    place_name: str
    path: str
    size: int
    stamp: str
    changed: float | None
    relative: str
    place: Place = field(repr=False, compare=False)


def find_files(store: Store, definition: Definition) -> list[FoundFile]:
    """The files of a dataset, in the order of its locations and there by path; a file is found once.

    Raises:
        DataNotFoundError: a location has no file; the message says what is there.
        InvalidPathError: a link or a name leads out of the root of the datastore.
        DataAccessError: the datastore is away, or refuses the credentials.
    """
    found: dict[tuple[str | None, str], FoundFile] = {}
    for location in definition.locations:
        place, path = place_of(store, location)
        for file in files_at(place, path, location.datastore):
            found.setdefault((location.datastore, file.path), file)
    return after_steps(definition, _told_apart(list(found.values())))


def files_at(
    place: Place, path: str, datastore: str | None, *, empty_is_fine: bool = False
) -> list[FoundFile]:
    """The files that one path or pattern means.

    Args:
        place: where to look.
        path: below the root of the place.
        datastore: its name, None where the place is none.
        empty_is_fine: whether there may be none.

    Raises:
        DataNotFoundError: there is none, and that is not fine.
        InvalidPathError: as of :func:`find_files`.
        DataAccessError: as of :func:`find_files`.
    """
    place.at(path)
    with reaching(place):
        pattern, entries = _entries(place, read_pattern(path))
    if not entries and not empty_is_fine:
        raise _nothing(place, path)
    skipped = len(pattern.prefix) + 1 if pattern.prefix else 0
    if len(entries) == 1 and entries[0].below == pattern.prefix:
        skipped = pattern.prefix.rfind("/") + 1
    return [_found(place, datastore, entry, skipped) for entry in entries]


def _entries(place: Place, pattern: DataPattern) -> tuple[DataPattern, list[Entry]]:
    """What a pattern means: files, else the files of a path that is called so, else of folders."""
    entries = _listed(place, pattern)
    if entries or pattern.is_plain:
        return pattern, entries
    literal = DataPattern(pattern.text, pattern.text, (), pattern.regex)
    if entries := _listed(place, literal):
        return literal, entries
    if pattern.segments[-1] != "**":
        inside = read_pattern(f"{pattern.text}/**")
        return inside, _listed(place, inside)
    return pattern, []


def _listed(place: Place, pattern: DataPattern) -> list[Entry]:
    if place.folder is not None:
        return list_local(place.folder, pattern, is_own=place.is_own)
    return list_remote(place, pattern)


def _found(place: Place, datastore: str | None, entry: Entry, skipped: int) -> FoundFile:
    below, size, stamp, changed = entry
    top = f"{place.root}/" if place.root or place.folder is not None else place.files.root_marker
    path = top + below
    written = below
    if datastore is None:
        written = path if place.folder is not None else str(place.files.unstrip_protocol(path))
    location = Location(written, datastore)
    return FoundFile(location, place.name, path, size, stamp, changed, below[skipped:], place)


def _told_apart(files: list[FoundFile]) -> list[FoundFile]:
    """Files of several locations that are called the same get names that differ: with their folders."""
    for longer in (_from_root, _from_place):
        counts = Counter(file.relative for file in files)
        if len(counts) == len(files):
            break
        doubled = {name for name, count in counts.items() if count > 1}
        files = [
            replace(file, relative=longer(file)) if file.relative in doubled else file
            for file in files
        ]
    return files


def _from_root(file: FoundFile) -> str:
    return file.path.removeprefix(file.place.root).lstrip("/")


def _from_place(file: FoundFile) -> str:
    return f"{file.place_name.strip('/').replace('/', '_')}/{_from_root(file)}"


def _nothing(place: Place, path: str) -> DataNotFoundError:
    """Says what was looked for, where, and what is there instead."""
    folder = read_pattern(path).prefix
    while True:
        names = _names_in(place, folder)
        if names or not folder:
            break
        folder = folder.rpartition("/")[0]
    where = f"{folder!r:.120}" if folder else "its root"
    told = ", ".join(f"{name!r:.60}" for name in names[:_TOLD])
    more = f" and {len(names) - _TOLD:,} more" if len(names) > _TOLD else ""
    if not names and not _is_there(place):
        return DataNotFoundError(
            f"No file at {path!r:.200} in {place.name}: its root {place.root!r:.200} is not there. Check the name of the "
            "container, bucket or folder, or make it first."
        )
    there = f"In {where} there is {told}{more}." if names else "There is nothing in it at all."
    missing = path.strip("/").removeprefix(folder).lstrip("/").split("/")[0]
    near = _looks_alike(missing, names) or did_you_mean(missing, names)
    return DataNotFoundError(f"No file at {path!r:.200} in {place.name}. {there}{near}")


def _is_there(place: Place) -> bool:
    """Whether the root of a place is there."""
    if place.folder is not None:
        return place.folder.is_dir()
    with reaching(place):
        try:
            place.files.info(place.at(""))
        except FileNotFoundError:
            return False
    return True


def _looks_alike(missing: str, names: list[str]) -> str:
    """Letters with accents are written in two ways, which look the same; a pipe or device is called so, and is no file."""
    if any(fnmatchcase(name, missing) for name in names):
        return " What is called so is no plain file, or a folder without one."
    plain = normalize("NFC", missing)
    if any(normalize("NFC", name) == plain for name in names):
        return (
            " The name looks the same and has its accents in another form of Unicode: copy it from there, or put '?' and "
            "'*' for such letters."
        )
    return ""


def _names_in(place: Place, folder: str) -> list[str]:
    with reaching(place):
        try:
            listed: Iterable[str]
            if place.folder is not None:
                real = place.real(place.folder / folder)
                listed = [path.name for path in Path(real).iterdir()]
            else:
                listed = place.files.ls(place.at(folder), detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
    own = place.at(folder).rstrip("/")
    return sorted(
        {name.rstrip("/").rpartition("/")[2] for name in listed if name.rstrip("/") != own}
    )


def open_file(store: Store, found: FoundFile) -> IO[bytes]:
    """A file object with the bytes of a file.

    Raises:
        InvalidPathError: by now it is a link that leads out of its root, or a pipe.
        DataAccessError: the file is gone or cannot be read.
    """
    with reaching(found.place):
        local = local_path(store, found)
        if local is None:
            opened: IO[bytes] = found.place.files.open(found.path, "rb", block_size=_AHEAD)
            return opened
        # A pipe would wait for who writes into it.
        descriptor = os.open(local, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise InvalidPathError(
                f"{str(local)!r:.300} is no plain file: it cannot be read as data."
            )
        return os.fdopen(descriptor, "rb")


def local_path(store: Store, found: FoundFile) -> Path | None:
    """Where a file is on this machine, in a datastore with its links followed; None of a remote one.

    Raises:
        InvalidPathError: by now it is a link that leads out of its root.
    """
    del store
    if found.place.folder is None:
        return None
    if found.place.is_own:
        return Path(found.path)  # what a link leads to may have no name that tells its format
    return Path(found.place.real(found.path))
