"""A dataset's fingerprint: its definition and the contents of its files.

Local files are read whole up to a budget, smallest first; beyond it, size, modification time and a few samples
stand for a file. A remote file is known by its listing (etag, digest or time). A fingerprint ends with the
weakest evidence used: ``…:content``, ``…:sample``, ``…:listing``, or ``…:definition`` without files, as for a query.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from aml_magics.errors import DataAccessError, DataNotFoundError
from aml_magics.services.data.store.files import find_files, local_path
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from aml_magics.records.data.dataset import DatasetRecord, Definition
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

WHOLE_BYTES: Final = 1 << 30
"""Bytes read at most from all local files of a dataset together."""

_SAMPLES: Final = 8
_SAMPLE_BYTES: Final = 1 << 16
_SMALL: Final = 1 << 18
_THREADS: Final = 8
_TASK_FILES: Final = 256
_DIGEST: Final = 32
"""Hexadecimal digits kept of a file's SHA-256: 128 bits."""


class FileMark(NamedTuple):
    """One file's entry in the manifest.

    ``version`` comes from the listing, an etag or a time; ``digest`` is of the contents, empty if they were not read.
    """

    name: str
    size: int
    version: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``text`` is 64 hexadecimal digits, a colon and the kind of evidence; ``marks`` are in the order of the files."""

    text: str
    marks: tuple[FileMark, ...]

    @property
    def size(self) -> int:
        """The total bytes of all files."""
        return sum(mark.size for mark in self.marks)


def found_files(store: Store, definition: Definition) -> Sequence[DataFile]:
    """The files of a dataset; empty for a query.

    Raises:
        DataNotFoundError: no file matches.
    """
    return () if definition.format == "sql_query" else find_files(store, definition)


def fingerprint(definition: Definition, files: Sequence[DataFile]) -> Fingerprint:
    """The fingerprint of a dataset with these files.

    Raises:
        DataAccessError: a file cannot be read.
    """
    paths = [local_path(one) for one in files]
    digests = _digests(files, paths)
    marks = tuple(
        FileMark(one.relative, one.size, one.version, digest)
        for one, digest in zip(files, digests, strict=True)
    )
    whole = hashlib.sha256(json.dumps(definition.as_dict(), sort_keys=True).encode())
    for mark in marks:
        # a digest of the whole contents does not depend on place and time
        said = mark.digest if mark.digest[:1] != "~" else f"{mark.version} {mark.digest}"
        whole.update(f"\n{mark.name}\0{mark.size}\0{said or mark.version}".encode(errors="replace"))
    return Fingerprint(f"{whole.hexdigest()}:{_basis(marks)}", marks)


def _basis(marks: Sequence[FileMark]) -> str:
    if not marks:
        return "definition"
    if any(not mark.digest for mark in marks):
        return "listing"
    return "sample" if any(mark.digest[:1] == "~" for mark in marks) else "content"


class _Job(NamedTuple):
    """A local file to be read, whole or in samples; ``place`` is its index among all files."""

    place: int
    path: Path
    size: int
    is_whole: bool


def _digests(files: Sequence[DataFile], paths: Sequence[Path | None]) -> list[str]:
    """A digest for each file, in order; empty for a remote one."""
    found = [""] * len(files)

    def read(some: Sequence[_Job]) -> None:
        for one in some:
            digest = digest_of(one.path) if one.is_whole else _sample_of(one.path, one.size)
            found[one.place] = digest

    with ThreadPoolExecutor(_THREADS) as pool:
        for _ in pool.map(read, _slices(_jobs(files, paths))):
            pass  # re-raises the threads' exceptions
    return found


def _jobs(files: Sequence[DataFile], paths: Sequence[Path | None]) -> Iterator[_Job]:
    """Jobs, smallest file first, so that the budget covers as many whole files as possible."""
    left = WHOLE_BYTES
    for index in sorted(range(len(files)), key=lambda one: (files[one].size, files[one].path)):
        path = paths[index]
        if path is not None:
            left -= files[index].size
            yield _Job(index, path, files[index].size, left >= 0)


def _slices(jobs: Iterable[_Job]) -> Iterator[list[_Job]]:
    """Batches for the pool: many small files each, since a task costs more than reading one of them."""
    some: list[_Job] = []
    size = 0
    for one in jobs:
        some.append(one)
        size += one.size
        if len(some) == _TASK_FILES or size > _SMALL:
            yield some
            some, size = [], 0
    yield some


def digest_of(path: Path) -> str:
    """The shortened SHA-256 of a file's contents.

    Raises:
        DataAccessError: it cannot be read.
    """
    with _opened(path) as file:
        start = file.read(_SMALL)
        if len(start) < _SMALL:  # quicker than file_digest, which has a buffer to make
            return hashlib.sha256(start).hexdigest()[:_DIGEST]
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()[:_DIGEST]


def _sample_of(path: Path, size: int) -> str:
    """A digest of a few pieces at even distances, first and last included; begins with ``~``."""
    last = max(size - _SAMPLE_BYTES, 0)
    digest = hashlib.sha256()
    with _opened(path) as file:
        for number in range(_SAMPLES):
            file.seek(last * number // (_SAMPLES - 1))
            digest.update(file.read(_SAMPLE_BYTES))
    return f"~{digest.hexdigest()[: _DIGEST - 1]}"


@contextmanager
def _opened(path: Path) -> Iterator[io.FileIO]:
    try:
        # O_NONBLOCK: opening a pipe in its place would block until a writer comes
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with io.FileIO(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise DataAccessError(
                    f"{str(path)!r} of the dataset is no plain file by now; put the file back."
                )
            yield file
    except OSError as error:
        if isinstance(error, DataAccessError):
            raise
        raise DataAccessError(
            f"File {str(path)!r} of the dataset cannot be read: {error.strerror or error}. "
            "Give yourself the right to read it, or leave it out of the path."
        ) from error


@retried
def changed_files(
    store: Store, record: DatasetRecord, files: Sequence[DataFile] | None = None
) -> tuple[str, ...]:
    """The names of files that changed, vanished or are new since the dataset was saved.

    Args:
        files: the current files, if already listed.
    """
    with store.catalogue.read() as connection:
        marks = unpacked(store.datasets.manifest(connection, record.key))
    if files is None:
        try:
            files = found_files(store, record.definition)
        except DataNotFoundError:
            files = ()
    return changed(marks, files)


def changed(marks: Sequence[FileMark], files: Sequence[DataFile]) -> tuple[str, ...]:
    """The names of files that differ from their marks, are gone, or have no mark, in order.

    Size and version are compared first; a local file is read only if its version alone differs.
    """
    kept = {mark.name: mark for mark in marks}
    found = {one.relative: one for one in files}
    gone = [name for name in kept if name not in found]
    other = [name for name, one in found.items() if not _is_same(kept.get(name), one)]
    return tuple(sorted([*gone, *other]))


def _is_same(mark: FileMark | None, file: DataFile) -> bool:
    if mark is None or mark.size != file.size:
        return False
    return mark.version == file.version or _has_same_contents(mark, local_path(file))


def _has_same_contents(mark: FileMark, path: Path | None) -> bool:
    if path is None or not mark.digest:
        return False
    if mark.digest.startswith("~"):
        return _sample_of(path, mark.size) == mark.digest
    return digest_of(path) == mark.digest


def packed(marks: Sequence[FileMark]) -> bytes:
    """Marks as compressed JSON, for the catalogue."""
    return zlib.compress(json.dumps([list(mark) for mark in marks]).encode(), 3)


def unpacked(manifest: bytes | None) -> list[FileMark]:
    """The marks of a stored manifest."""
    if manifest is None:
        return []
    return [FileMark(*one) for one in json.loads(zlib.decompress(manifest))]
