"""A planned upload or download, and whether its target is already up to date."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from aml_magics.errors import DataAccessError, DataNotFoundError, InvalidPathError
from aml_magics.services.data.store.listing import checked, within
from aml_magics.services.data.store.path import check_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsspec import AbstractFileSystem

    from aml_magics.services.data.store.files import DataFile
    from aml_magics.services.data.store.location import Storage

CHANGED: Final = "aml_magics_changed"
"""Blob metadata with the source's modification time, nanoseconds since the epoch."""
_PART: Final = 8 << 20
_MOST_PARTS: Final = 10_000
Step = Literal["begin", "end", "skip"]
"""A file's transfer begins, ends, or is skipped."""
_MD5: Final = re.compile(r"[0-9a-f]{32}(-\d+)?")
_SECOND: Final = 10**9


@dataclass(frozen=True, slots=True)
class Upload:
    """A local file and its target, below the root and in the file system's form; ``size`` in bytes."""

    number: int
    source: Path
    size: int
    below: str
    path: str

    @property
    def names(self) -> tuple[int, str, str]:
        """Its index, source and target."""
        return self.number, str(self.source), self.below


@dataclass(frozen=True, slots=True)
class Download:
    """A stored file and its target; ``timestamp`` is its modification time, nanoseconds since the epoch."""

    number: int
    file: DataFile
    target: Path
    timestamp: int | None

    @property
    def size(self) -> int:
        """In bytes."""
        return self.file.size

    @property
    def names(self) -> tuple[int, str, str]:
        """Its index, source and target."""
        return self.number, self.file.path, str(self.target)


def uploads(storage: Storage, pairs: Iterable[tuple[Path, str]]) -> list[Upload]:
    """Plan an upload: every path is checked before anything is moved.

    Raises:
        DataNotFoundError: a source does not exist.
        InvalidPathError: a source is not a plain file, or a target leads out of the root or has two sources.
        DataAccessError: a source cannot be read.
    """
    found: dict[str, Upload] = {}
    for number, (source, below) in enumerate(pairs):
        size = _size_of(source)
        path = storage.at(below)
        if not below.strip("/"):
            raise InvalidPathError(
                f"A file needs a name in datastore {storage.name!r}, and {below!r} is its root."
            )
        job = Upload(number, source, size, below, path)
        first = found.setdefault(path, job)
        if first is not job:
            raise InvalidPathError(
                f"{str(first.source)!r:.200} and {str(source)!r:.200} would both become {below!r:.200}: "
                "upload them into two folders, or give a relative_root above both."
            )
    if storage.folder is not None:
        _check_inside(storage.folder, (Path(job.path) for job in found.values()))
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
    """Plan a download: every path is checked before anything is moved.

    Raises:
        InvalidPathError: a name would lead out of the target.
    """
    jobs = []
    for number, file in enumerate(files):
        path = target / checked(file.relative, file.storage.name)
        check_name(str(path))
        jobs.append(Download(number, file, path, _timestamp(file)))
    _check_inside(target, (job.target for job in jobs))
    return jobs


def _check_inside(root: Path, paths: Iterable[Path]) -> None:
    """Check that no link in a local folder leads out of it."""
    real = os.path.realpath(root)
    for folder in {path.parent for path in paths}:
        within(real, folder)


def _timestamp(file: DataFile) -> int | None:
    if file.storage.folder is not None:
        return int(file.version)
    return None if file.changed is None else round(file.changed * 1e6) * 1000


def is_downloaded(job: Download) -> bool:
    """Whether the target is whole and of this version of the file.

    Remote stores may count whole seconds, so a file that was written within two of them is not trusted.
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
    """Whether the target is the source, whole; False if the storage does not tell.

    Args:
        there: the file system's information on the target.
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
    """Bytes of each part of an S3 upload: whole MiB, and at most 10,000 parts."""
    length = max(_PART, -(-size // _MOST_PARTS))
    return -(-length // (1 << 20)) << 20


def is_etag_of(etag: str, source: Path) -> bool:
    """Whether an S3 object has the contents of a file, by its etag; False if the etag does not tell.

    An object's etag is the MD5 of its bytes. That of a multipart upload is the MD5 of the parts' MD5s, and
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
