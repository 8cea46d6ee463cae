"""Files of remote datastores, kept on this machine as long as they do not change there.

A copy is called by the digest of what it is of. What was not used for long is removed, and beyond a bound
what was used longest ago; never what a mount links to (:mod:`~aml_magics.services.data.cache_use`).
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from aml_magics.errors import InvalidArgumentError
from aml_magics.services.data.cache_use import begin_use, is_crowded, removing, used
from aml_magics.services.data.store.datastore import get
from aml_magics.services.data.store.listing import UNFINISHED
from aml_magics.services.data.transfer.move import get_all
from aml_magics.services.data.transfer.plan import Download
from aml_magics.services.data.transfer.whole_file import remove_unfinished
from aml_magics.store.home import make_private

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

BYTES_VARIABLE: Final = "AML_MAGICS_CACHE_BYTES"
MOST_BYTES: Final = 20_000_000_000
DAYS: Final = 30.0
_DAY: Final = 86_400.0


class Copy(NamedTuple):
    """A file of the cache: when it was used last, seconds since the epoch, and its size in bytes."""

    used: float
    path: Path
    size: int


@contextmanager
def cached(store: Store, files: Sequence[DataFile], links: Sequence[Path]) -> Iterator[list[Path]]:
    """Where copies of remote files are, in their order; those that are not there yet are downloaded.

    A copy is of one version of a file: of its datastore's address, its path, size and stamp. It stays until
    the link to it is gone.

    Args:
        store: of the workspace.
        files: what is wanted.
        links: what leads to each copy from now on; made before this ends.

    Raises:
        DataAccessError: the datastore is away or refuses, or there is no room.
        InvalidArgumentError: the bound of the cache is no number.
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
    with begin_use(top, zip(links, paths, strict=True)):
        _fetch(store, files, paths)
        yield paths


def folder_of(store: Store) -> Path:
    """Where the copies of a workspace are."""
    return store.folder / "cache"


def prune(store: Store, room: int = 0) -> list[Copy]:
    """Remove what was not used for 30 days, then what was used longest ago until the rest is within the bound.

    Args:
        store: of the workspace.
        room: bytes that will be added.

    Returns:
        What was removed.

    Raises:
        InvalidArgumentError: the bound is no number.
    """
    bound = _bound() - room
    top = folder_of(store)
    removed = []
    with removing(top):
        copies = sorted(_copies(top))
        total = sum(copy.size for copy in copies)
        oldest = time.time() - DAYS * _DAY
        kept = used(top)
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
            with suppress(FileNotFoundError):  # it is removed, or whole, meanwhile
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
            os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))  # it is used now
        except FileNotFoundError:
            job = Download(number, file, path, None)
            wanted.setdefault(id(file.storage), []).append(job)
    if wanted or is_crowded(folder_of(store)):
        prune(store, sum(job.file.size for jobs in wanted.values() for job in jobs))
    for jobs in wanted.values():
        remove_unfinished({job.target.parent for job in jobs})
        with closing(get_all(jobs)) as moved:
            for job, is_done in moved:
                if is_done:
                    job.target.chmod(0o400)  # several runs read it
