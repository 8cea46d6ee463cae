"""A cache of remote files on this machine, one copy for each version.

A copy is named by a digest of its datastore's address, its path, size and version. Its access time is set on
each use. Copies unused for 30 days are removed; beyond a size limit the least recently used go, too.

A copy stays while a mount links to it, even after the process that made the link: a run's folder goes with
the run. So a mount notes its links, and a removal checks them. The mount holds a lock beside its note until
the links are made.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from filelock import FileLock, Timeout

from aml_magics.errors import DataAccessError, InvalidArgumentError
from aml_magics.services.data.store.datastore import get
from aml_magics.services.data.store.listing import UNFINISHED
from aml_magics.services.data.transfer.move import get_all
from aml_magics.services.data.transfer.plan import Download
from aml_magics.services.data.transfer.whole_file import remove_unfinished
from aml_magics.store.home import make_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

BYTES_VARIABLE: Final = "AML_MAGICS_CACHE_BYTES"
MOST_BYTES: Final = 20_000_000_000
DAYS: Final = 30.0
_DAY: Final = 86_400.0
_NOTES: Final = ".uses"
_MANY_NOTES: Final = 50


class Copy(NamedTuple):
    """A cached file: its last use in seconds since the epoch, and its size in bytes."""

    used: float
    path: Path
    size: int


@contextmanager
def cached(store: Store, files: Sequence[DataFile], links: Sequence[Path]) -> Iterator[list[Path]]:
    """Yield the copies of remote files in their order; download those that are missing.

    Args:
        links: the links that the caller makes to the copies within the block. A copy stays while its link does.

    Raises:
        DataAccessError: the datastore cannot be reached or refuses, there is no room, or the cache cannot be written.
        InvalidArgumentError: the cache's size limit is not a number.
    """
    top = folder_of(store)
    make_private(top)
    addresses: dict[str | None, str] = {None: ""}
    paths = []
    for file in files:
        name = file.location.datastore
        if name is not None and name not in addresses:
            record = get(store, name)
            addresses[name] = json.dumps([record.kind, record.settings], sort_keys=True)
        paths.append(top / _key(file, addresses[name]))
    with _in_use(top, zip(links, paths, strict=True)):
        _fetch(store, files, paths)
        yield paths


def folder_of(store: Store) -> Path:
    """The folder of a workspace's copies."""
    return store.folder / "cache"


def prune(store: Store, room: int = 0) -> list[Copy]:
    """Remove copies unused for 30 days, and the least recently used beyond the size limit; return them.

    Args:
        room: bytes that will be added.

    Raises:
        InvalidArgumentError: the size limit is not a number.
    """
    bound = _bound() - room
    top = folder_of(store)
    removed = []
    make_private(top)
    with _lock(top):
        copies = sorted(_copies(top))
        total = sum(copy.size for copy in copies)
        oldest = time.time() - DAYS * _DAY
        kept = _used(top)
        for copy in copies:
            if total <= bound and copy.used >= oldest:
                break
            if copy.path not in kept:
                copy.path.unlink(missing_ok=True)
                total -= copy.size
                removed.append(copy)
    return removed


def _bound() -> int:
    given = os.environ.get(BYTES_VARIABLE, "").strip()
    if not given:
        return MOST_BYTES
    try:
        return int(float(given))
    except (ValueError, OverflowError):
        raise InvalidArgumentError(
            f"The environment variable {BYTES_VARIABLE} is a number of bytes such as 20e9, and not {given!r:.60}."
        ) from None


def _copies(top: Path) -> Iterator[Copy]:
    for folder in top.glob("[0-9a-f][0-9a-f]"):
        remove_unfinished([folder])
        for path in folder.iterdir():
            with suppress(FileNotFoundError):  # removed, or finished, meanwhile
                if not path.name.endswith(UNFINISHED):
                    about = path.stat()
                    yield Copy(about.st_atime, path, about.st_size)


def _key(file: DataFile, address: str) -> str:
    parts = [address, file.location.path, str(file.size), file.version]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return f"{digest[:2]}/{digest}"


def _fetch(store: Store, files: Sequence[DataFile], paths: Sequence[Path]) -> None:
    wanted: dict[int, list[Download]] = {}
    for number, (file, path) in enumerate(zip(files, paths, strict=True)):
        try:
            os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))  # marks it as just used
        except FileNotFoundError:
            job = Download(number, file, path, None)
            wanted.setdefault(id(file.storage), []).append(job)
    if wanted or len(_notes(folder_of(store))) > _MANY_NOTES:
        prune(store, sum(job.file.size for jobs in wanted.values() for job in jobs))
    for jobs in wanted.values():
        remove_unfinished({job.target.parent for job in jobs})
        with closing(get_all(jobs)) as moved:
            for job, step in moved:
                if step == "end":
                    job.target.chmod(0o400)  # several runs read it


@contextmanager
def _in_use(top: Path, links: Iterable[tuple[Path, Path]]) -> Iterator[None]:
    """Note the links to the copies, and hold the note's lock until they are made."""
    pairs = [(os.path.abspath(link), str(copy)) for link, copy in links]  # noqa: PTH100 -- follows no link
    note = top / _NOTES / secrets.token_hex(16)
    held = FileLock(note.with_suffix(".lock"), mode=0o600)
    make_private(note.parent)
    try:
        with _lock(top):  # no removal is under way
            held.acquire()
            note.write_text(json.dumps(pairs))
    except OSError as error:
        held.release()
        raise DataAccessError(
            f"Copies of remote files cannot be kept in {str(top)!r:.200}: {error.strerror}. Make room there, and the "
            "folder writable."
        ) from error
    try:
        yield
    finally:
        held.release()


def _used(top: Path) -> set[Path]:
    """Copies in use; removes notes whose links are gone. The caller holds the cache's lock."""
    found: set[Path] = set()
    for note in _notes(top):
        lock = note.with_suffix(".lock")
        pairs = _read(note)
        try:
            with FileLock(lock, timeout=0, mode=0o600):
                pairs = [pair for pair in pairs if _leads(*pair)]
        except Timeout:  # the mount is making its links
            pass
        else:
            if not pairs:
                note.unlink(missing_ok=True)
                lock.unlink(missing_ok=True)
        found.update(Path(copy) for _, copy in pairs)
    return found


def _notes(top: Path) -> list[Path]:
    return [path for path in (top / _NOTES).glob("*") if path.suffix != ".lock"]


def _read(note: Path) -> list[tuple[str, str]]:
    try:
        return [(link, copy) for link, copy in json.loads(note.read_bytes())]
    except ValueError:  # its process was killed while writing it, before it made a link
        return []


def _leads(link: str, copy: str) -> bool:
    with suppress(OSError):
        return os.readlink(link) == copy  # noqa: PTH115 -- thousands of them
    return False


def _lock(top: Path) -> FileLock:
    return FileLock(top / ".lock", mode=0o600)
