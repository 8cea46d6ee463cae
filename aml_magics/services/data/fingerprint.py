"""What tells one state of a dataset from another: its definition and the contents of its files.

A file of this machine is read whole up to a budget for all of them, the smallest first; beyond it the
size, the time of change and a few samples stand for it. What a listing says of a remote file (its etag,
digest or time) stands for that one. A fingerprint ends with the weakest of these: ``…:content``,
``…:sample``, ``…:listing``, or ``…:definition`` where there is no file, as with a query.
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

    from aml_magics.records.dataset import DatasetRecord, Definition
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

WHOLE_BYTES: Final = 1 << 30
"""Of all local files of a dataset together, what is read at most."""

_SAMPLES: Final = 8
_SAMPLE_BYTES: Final = 1 << 16
_SMALL: Final = 1 << 18
_THREADS: Final = 8
_HANDFUL: Final = 256
_DIGEST: Final = 32
"""Hexadecimal digits of a file's SHA-256 that are kept: 128 bits."""


class FileMark(NamedTuple):
    """What is kept of one file: ``stamp`` is cheap to ask for, ``digest`` is of its contents if they were read."""

    name: str
    size: int
    stamp: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``text`` is 64 hexadecimal digits, a colon and what they are of; ``marks`` are those of the files, in order."""

    text: str
    marks: tuple[FileMark, ...]

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(mark.size for mark in self.marks)


def found_files(store: Store, definition: Definition) -> Sequence[DataFile]:
    """The files of a dataset; none of one that is read by a query.

    Raises:
        DataNotFoundError: no file matches.
    """
    return () if definition.format == "sql_query" else find_files(store, definition)


def fingerprint(definition: Definition, files: Sequence[DataFile]) -> Fingerprint:
    """The fingerprint of a dataset whose files are already found.

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
        # a file that was read whole is the same wherever and whenever it was written
        said = mark.digest if mark.digest[:1] != "~" else f"{mark.stamp} {mark.digest}"
        whole.update(f"\n{mark.name}\0{mark.size}\0{said or mark.stamp}".encode(errors="replace"))
    return Fingerprint(f"{whole.hexdigest()}:{_basis(marks)}", marks)


def _basis(marks: Sequence[FileMark]) -> str:
    if not marks:
        return "definition"
    if any(not mark.digest for mark in marks):
        return "listing"
    return "sample" if any(mark.digest[:1] == "~" for mark in marks) else "content"


def _digests(files: Sequence[DataFile], paths: Sequence[Path | None]) -> list[str]:
    """A digest for each file, in order; empty for a remote one."""
    found = [""] * len(files)

    def read(jobs: Sequence[tuple[int, Path, bool]]) -> None:
        for index, path, is_whole in jobs:
            found[index] = digest_of(path) if is_whole else _sample_of(path, files[index].size)

    with ThreadPoolExecutor(_THREADS) as pool:
        for _ in pool.map(read, _slices(_jobs(files, paths), files)):
            pass  # which raises what a thread did
    return found


def _jobs(
    files: Sequence[DataFile], paths: Sequence[Path | None]
) -> Iterator[tuple[int, Path, bool]]:
    """The local files, the smallest first: index, path and whether it is read whole."""
    left = WHOLE_BYTES
    for index in sorted(range(len(files)), key=lambda one: (files[one].size, files[one].path)):
        path = paths[index]
        if path is not None:
            left -= files[index].size
            yield index, path, left >= 0


def _slices(
    jobs: Iterable[tuple[int, Path, bool]], files: Sequence[DataFile]
) -> Iterator[list[tuple[int, Path, bool]]]:
    """Jobs by the handful: one of its own for each of many small files would cost more than reading it."""
    some: list[tuple[int, Path, bool]] = []
    size = 0
    for job in jobs:
        some.append(job)
        size += files[job[0]].size
        if len(some) == _HANDFUL or size > _SMALL:
            yield some
            some, size = [], 0
    yield some


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's contents, shortened.

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
    """A digest of a few pieces at even distances, the first and the last among them; begins with ``~``."""
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
        # a pipe in its place would wait for who writes into it
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
    """The names of files that are not what they were when the dataset was kept, are gone, or are new.

    Args:
        store: where it is kept.
        record: the dataset.
        files: its files as they are now, where they were found already.
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
    """The names of files that differ from their marks, are gone, or have none: in order.

    Size and stamp are compared first; a file of this machine is read only where its stamp alone differs.
    """
    kept = {mark.name: mark for mark in marks}
    found = {one.relative: one for one in files}
    gone = [name for name in kept if name not in found]
    other = [name for name, one in found.items() if not _is_same(kept.get(name), one)]
    return tuple(sorted([*gone, *other]))


def _is_same(mark: FileMark | None, file: DataFile) -> bool:
    if mark is None or mark.size != file.size:
        return False
    return mark.stamp == file.version or _has_same_contents(mark, local_path(file))


def _has_same_contents(mark: FileMark, path: Path | None) -> bool:
    """Whether a local file whose stamp differs still holds what its mark was made of."""
    if path is None or not mark.digest:
        return False
    if mark.digest.startswith("~"):
        return _sample_of(path, mark.size) == mark.digest
    return digest_of(path) == mark.digest


def packed(marks: Sequence[FileMark]) -> bytes:
    """Marks as they are kept: compressed JSON."""
    return zlib.compress(json.dumps([list(mark) for mark in marks]).encode(), 3)


def unpacked(manifest: bytes | None) -> list[FileMark]:
    """The marks that were kept."""
    if manifest is None:
        return []
    return [FileMark(*one) for one in json.loads(zlib.decompress(manifest))]
