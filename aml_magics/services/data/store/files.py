"""Finds and opens the files of a dataset."""

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
from aml_magics.records.data.dataset import Location
from aml_magics.services.data.store.file_step import after_steps
from aml_magics.services.data.store.listing import list_local, list_remote
from aml_magics.services.data.store.location import storage_of
from aml_magics.services.data.store.path_pattern import DataPattern, read_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.records.data.dataset import Definition
    from aml_magics.services.data.store.listing import FileInfo
    from aml_magics.services.data.store.location import Storage
    from aml_magics.store.store import Store

_SHOWN: Final = 5
_AHEAD: Final = 1 << 21
"""Bytes read at once of a remote file; s3fs and gcsfs would read 5 to 50 MB for a header."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a dataset, as it was when it was listed.

    Args:
        location: where it is, as a definition would write it.
        path: in the form of its file system.
        size: in bytes.
        version: changes with the contents: the modification time in nanoseconds, or a remote store's etag or
            checksum.
        changed: the modification time, seconds since the epoch; None if the store has none.
        relative: its name in the dataset: the path after the pattern's fixed folders, without a leading slash;
            unique in a dataset.
    """

    location: Location
    path: str
    size: int
    version: str
    changed: float | None
    relative: str
    storage: Storage = field(repr=False, compare=False)


def find_files(store: Store, definition: Definition) -> list[DataFile]:
    """Find the files of a dataset, in the order of its locations and by path in each; no file twice.

    Raises:
        DataNotFoundError: a location has no file; the message lists what is there.
        InvalidPathError: a link or a name leads out of the datastore's root.
        DataAccessError: the datastore cannot be reached, or refuses the credentials.
    """
    found: dict[tuple[str | None, str], DataFile] = {}
    for location in definition.locations:
        storage, path = storage_of(store, location)
        for file in files_at(storage, path, location.datastore):
            found.setdefault((location.datastore, file.path), file)
    return after_steps(definition, _with_unique_names(list(found.values())))


def files_at(
    storage: Storage, path: str, datastore: str | None, *, empty_is_fine: bool = False
) -> list[DataFile]:
    """Find the files that match a path or pattern.

    Args:
        path: below the storage's root.
        datastore: the datastore's name, or None.
        empty_is_fine: return an empty list instead of raising.

    Raises:
        DataNotFoundError: nothing matches, and ``empty_is_fine`` is false.
        InvalidPathError, DataAccessError: as :func:`find_files`.
    """
    storage.at(path)
    with storage.access():
        pattern, entries = _entries(storage, read_pattern(path))
    if not entries and not empty_is_fine:
        raise _nothing(storage, path)
    skipped = len(pattern.prefix) + 1 if pattern.prefix else 0
    if len(entries) == 1 and entries[0].path == pattern.prefix:
        skipped = pattern.prefix.rfind("/") + 1
    return [_found(storage, datastore, entry, skipped) for entry in entries]


def _entries(storage: Storage, pattern: DataPattern) -> tuple[DataPattern, list[FileInfo]]:
    """Files that match a pattern; else those with exactly this path, else those in folders."""
    entries = _listed(storage, pattern)
    if entries or pattern.is_plain:
        return pattern, entries
    literal = DataPattern(pattern.text, pattern.text, (), pattern.regex)
    if entries := _listed(storage, literal):
        return literal, entries
    if pattern.segments[-1] != "**":
        inside = read_pattern(f"{pattern.text}/**")
        return inside, _listed(storage, inside)
    return pattern, []


def _listed(storage: Storage, pattern: DataPattern) -> list[FileInfo]:
    if storage.folder is not None:
        return list_local(storage.folder, pattern, is_own=storage.is_own)
    return list_remote(storage, pattern)


def _found(storage: Storage, datastore: str | None, entry: FileInfo, skipped: int) -> DataFile:
    has_root = storage.root or storage.folder is not None
    path = (f"{storage.root}/" if has_root else storage.files.root_marker) + entry.path
    written = entry.path
    if datastore is None:
        written = path if storage.folder is not None else str(storage.files.unstrip_protocol(path))
    location = Location(written, datastore)
    return DataFile(
        location, path, entry.size, entry.version, entry.changed, entry.path[skipped:], storage
    )


def _with_unique_names(files: list[DataFile]) -> list[DataFile]:
    """Give files of the same name longer ones: with folders, else with the datastore, too."""
    for longer in (_from_root, _from_storage):
        counts = Counter(file.relative for file in files)
        if len(counts) == len(files):
            break
        doubled = {name for name, count in counts.items() if count > 1}
        files = [
            replace(file, relative=longer(file)) if file.relative in doubled else file
            for file in files
        ]
    return files


def _from_root(file: DataFile) -> str:
    return file.path.removeprefix(file.storage.root).lstrip("/")


def _from_storage(file: DataFile) -> str:
    return f"{file.storage.name.strip('/').replace('/', '_')}/{_from_root(file)}"


def _nothing(storage: Storage, path: str) -> DataNotFoundError:
    folder = read_pattern(path).prefix
    while True:
        names = _names_in(storage, folder)
        if names or not folder:
            break
        folder = folder.rpartition("/")[0]
    where = f"{folder!r:.120}" if folder else "its root"
    shown = ", ".join(f"{name!r:.60}" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    if not names and not _is_there(storage):
        return DataNotFoundError(
            f"No file at {path!r:.200} in {storage.name}: its root {storage.root!r:.200} is not there. Check the name of the "
            "container, bucket or folder, or make it first."
        )
    there = f"In {where} there is {shown}{more}." if names else "There is nothing in it at all."
    missing = path.strip("/").removeprefix(folder).lstrip("/").split("/")[0]
    near = _looks_alike(missing, names) or did_you_mean(missing, names)
    return DataNotFoundError(f"No file at {path!r:.200} in {storage.name}. {there}{near}")


def _is_there(storage: Storage) -> bool:
    if storage.folder is not None:
        return storage.folder.is_dir()
    with storage.access():
        try:
            storage.files.info(storage.at(""))
        except FileNotFoundError:
            return False
    return True


def _looks_alike(missing: str, names: list[str]) -> str:
    """Explain a name that only looks the same: accents have two encodings; or the name of a pipe or device."""
    if any(fnmatchcase(name, missing) for name in names):
        return " What is called so is no plain file, or a folder without one."
    plain = normalize("NFC", missing)
    if any(normalize("NFC", name) == plain for name in names):
        return (
            " The name looks the same and has its accents in another form of Unicode: copy it from there, or put '?' and "
            "'*' for such letters."
        )
    return ""


def _names_in(storage: Storage, folder: str) -> list[str]:
    with storage.access():
        try:
            listed: Iterable[str]
            if storage.folder is not None:
                real = storage.real(storage.folder / folder)
                listed = [path.name for path in Path(real).iterdir()]
            else:
                listed = storage.files.ls(storage.at(folder), detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
    own = storage.at(folder).rstrip("/")
    return sorted(
        {name.rstrip("/").rpartition("/")[2] for name in listed if name.rstrip("/") != own}
    )


def open_file(found: DataFile) -> IO[bytes]:
    """Open a file for reading bytes.

    Raises:
        InvalidPathError: it has become a pipe, or a link that leads out of its root.
        DataAccessError: the file is gone or cannot be read.
    """
    with found.storage.access():
        local = local_path(found)
        if local is None:
            opened: IO[bytes] = found.storage.files.open(found.path, "rb", block_size=_AHEAD)
            return opened
        # Opening a pipe would block until a writer comes.
        descriptor = os.open(local, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise InvalidPathError(
                f"{str(local)!r:.300} is no plain file: it cannot be read as data."
            )
        return os.fdopen(descriptor, "rb")


def local_path(found: DataFile) -> Path | None:
    """A file's path on this machine, in a datastore with links resolved; None for a remote one.

    Raises:
        InvalidPathError: it has become a link that leads out of its root.
    """
    if found.storage.folder is None:
        return None
    if found.storage.is_own:
        return Path(found.path)  # a link's target may lack the suffix that shows the format
    return Path(found.storage.real(found.path))
