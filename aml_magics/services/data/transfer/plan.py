"""One file to be moved, and whether it is there already."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import DataAccessError, DataNotFoundError, InvalidPathError
from aml_magics.services.data.store.listing import checked, within

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fsspec import AbstractFileSystem

    from aml_magics.services.data.store.files import DataFile
    from aml_magics.services.data.store.location import Storage

CHANGED: Final = "aml_magics_changed"
"""The metadata of a blob with its source's time of modification, nanoseconds since the epoch."""
_PART: Final = 8 << 20
_MOST_PARTS: Final = 10_000
_MD5: Final = re.compile(r"[0-9a-f]{32}(-\d+)?")
_LONGEST_NAME: Final = 255
_SECOND: Final = 10**9


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of this machine and where it goes: below the root, and in the form of the file system.

    ``size`` is in bytes.
    """

    number: int
    source: Path
    size: int
    below: str
    path: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a storage and where it goes; ``timestamp`` is its last change, nanoseconds since the epoch."""

    number: int
    file: DataFile
    target: Path
    timestamp: int | None

    @property
    def size(self) -> int:
        """In bytes."""
        return self.file.size


def uploads(storage: Storage, pairs: Iterable[tuple[Path, str]]) -> list[Upload]:
    """What there is to upload, with every path checked before anything is moved.

    Raises:
        DataNotFoundError: a source is not there.
        InvalidPathError: a source is no plain file, a target leads out of the root, or is of two sources.
        DataAccessError: a source cannot be read.
    """
    found: dict[str, Upload] = {}
    inside = _Inside(storage.folder)
    for number, (source, below) in enumerate(pairs):
        size = _size_of(source)
        path = storage.at(below)
        if not below.strip("/"):
            raise InvalidPathError(
                f"A file needs a name in datastore {storage.name!r}, and {below!r} is its root."
            )
        inside.check(path)
        job = Upload(number, source, size, below, path)
        first = found.setdefault(path, job)
        if first is not job:
            raise InvalidPathError(
                f"{str(first.source)!r:.200} and {str(source)!r:.200} would both become {below!r:.200}: "
                "upload them into two folders, or give a relative_root above both."
            )
    return list(found.values())


def _size_of(source: Path) -> int:
    try:
        about = source.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DataNotFoundError(
            f"No file {str(source)!r:.300} to upload; check the path, relative to {os.getcwd()!r:.200}."  # noqa: PTH109 -- a text
        ) from error
    if stat.S_ISDIR(about.st_mode):
        raise InvalidPathError(
            f"{str(source)!r:.300} is a folder: upload(src_dir=…) uploads what is in it, upload_files takes files."
        )
    if not stat.S_ISREG(about.st_mode):
        raise InvalidPathError(
            f"{str(source)!r:.300} is no plain file and cannot be uploaded; leave it out."
        )
    if not os.access(source, os.R_OK):
        raise DataAccessError(
            f"{str(source)!r:.300} cannot be read; ask its owner for the right to."
        )
    return about.st_size


def downloads(files: Iterable[DataFile], target: Path) -> list[Download]:
    """What there is to download, with every path checked before anything is moved.

    Raises:
        InvalidPathError: a name would lead out of the target.
    """
    inside = _Inside(target)
    jobs = []
    for number, file in enumerate(files):
        path = target / checked(file.relative, file.storage.name)
        inside.check(str(path))
        jobs.append(Download(number, file, path, _timestamp(file)))
    return jobs


class _Inside:
    """Checks that a folder of this machine can take a path, and that no link leads out of it."""

    def __init__(self, folder: Path | None) -> None:
        self._root = None if folder is None else os.path.realpath(folder)
        self._known: set[str] = set()

    def check(self, path: str) -> None:
        """Nothing of a remote one.

        Raises:
            InvalidPathError: its folder leads out, or a part of it is too long.
        """
        if self._root is not None:
            for part in path.split("/"):
                if len(os.fsencode(part)) > _LONGEST_NAME:
                    raise InvalidPathError(
                        f"{part[:40]!r}… has {len(os.fsencode(part))} bytes; a name of this machine's files has at most "
                        f"{_LONGEST_NAME}: shorten it."
                    )
        folder = path.rpartition("/")[0]
        if self._root is not None and folder not in self._known:
            within(self._root, folder)
            self._known.add(folder)


def _timestamp(file: DataFile) -> int | None:
    if file.storage.folder is not None:
        return int(file.version)
    return None if file.changed is None else round(file.changed * 1e6) * 1000


def is_downloaded(job: Download) -> bool:
    """Whether the target is there, whole and of this version of the file.

    Moments of a remote store may be of whole seconds, so what was written soon after one is not trusted.
    """
    try:
        there = job.target.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    if not stat.S_ISREG(there.st_mode) or job.timestamp is None:
        return False
    is_sure = job.file.storage.folder is not None or there.st_ctime_ns > job.timestamp + 2 * _SECOND
    return there.st_size == job.file.size and there.st_mtime_ns == job.timestamp and is_sure


def is_uploaded(storage: Storage, job: Upload, there: dict[str, Any]) -> bool:
    """Whether what is there is the source, whole; False, too, where the storage does not say.

    Args:
        storage: where it is.
        job: the file.
        there: what the file system says about the target.
    """
    about = job.source.stat()
    if there.get("size") != about.st_size:
        return False
    if storage.folder is not None:
        return bool(there["mtime_ns"] == about.st_mtime_ns)
    if CHANGED in (there.get("metadata") or {}):
        return bool(there["metadata"][CHANGED] == str(about.st_mtime_ns))
    etag = str(there.get("ETag") or "").strip('"')
    return bool(_MD5.fullmatch(etag)) and is_etag_of(etag, job.source)


def is_s3(files: AbstractFileSystem) -> bool:
    """Whether a file system is s3fs's."""
    return "s3" in files.protocol


def part_size(size: int) -> int:
    """Bytes of each part in which a file goes to S3: whole MiB, and at most 10,000 of them."""
    length = max(_PART, -(-size // _MOST_PARTS))
    return -(-length // (1 << 20)) << 20


def is_etag_of(etag: str, source: Path) -> bool:
    """Whether an object of S3 has the contents of a file, by its etag; False where that does not tell.

    The etag of an object is the MD5 of its bytes. That of one in parts is the MD5 of the parts' MD5s, and
    their count: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
    """
    checksum, _, count = etag.partition("-")
    with source.open("rb") as file:
        if not count:
            return hashlib.file_digest(file, _md5).hexdigest() == checksum
        length = part_size(os.fstat(file.fileno()).st_size)
        digests = [_md5(part).digest() for part in iter(lambda: file.read(length), b"")]
    whole = _md5(b"".join(digests)).hexdigest()
    return (whole, str(len(digests))) == (checksum, count)


def _md5(data: bytes = b"") -> Any:  # noqa: ANN401 -- the type of a hash has no public name
    return hashlib.md5(data, usedforsecurity=False)
