"""Files of runs: adds, lists, reads and downloads them; collects ``./outputs`` and drops pending uploads."""

from __future__ import annotations

import os
import shutil
import time
import warnings
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from aml_magics.errors import ArtifactNotFoundError, InvalidPathError, described, did_you_mean
from aml_magics.records.artifact import ArtifactRecord, check_artifact_name
from aml_magics.store.store import retried
from aml_magics.warnings import QuarantineWarning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

UNSENT: Final = "unsent"
"""The workspace's folder of pending uploads; services/job/pending_upload.py fills it."""

_IMAGES: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
)


def add_file(
    store: Store, record: RunRecord, name: str, path_or_stream: str | os.PathLike[str] | IO[bytes]
) -> ArtifactRecord:
    """Add a file or a stream to a run under a name; raises InvalidPathError for a bad name or no plain file."""
    if not isinstance(path_or_stream, str | os.PathLike):
        if not hasattr(path_or_stream, "read"):
            raise InvalidPathError(
                f"A file of a run is kept from a path or an open file, not {described(path_or_stream)}."
            )
        return add_stream(store, record.key, name, path_or_stream)
    path = plain_file(path_or_stream)
    with path.open("rb") as file:
        return add_stream(store, record.key, name, file)


def plain_file(path: str | os.PathLike[str]) -> Path:
    """Return the path of a regular file; raises InvalidPathError for anything else."""
    found = Path(path)
    try:
        exists = found.exists()
    except OSError:  # a name that is too long for the file system
        exists = False
    if not exists:
        raise InvalidPathError(
            f"There is no file {str(found)!r} (the current folder is {Path.cwd()})."
        )
    if not found.is_file():
        kind = "a folder: use upload_folder" if found.is_dir() else "no ordinary file"
        raise InvalidPathError(f"{str(found)!r} is {kind}.")
    return found


def add_stream(
    store: Store, key: int, name: str, stream: IO[bytes], beside: Iterable[ArtifactRecord] = ()
) -> ArtifactRecord:
    """Add a stream's bytes under a name; the row comes after the bytes.

    Args:
        beside: files that come with it, whose bytes are kept already.
    """
    clean = check_artifact_name(name)
    digest, size = _kept_bytes(store, stream)
    artifact = ArtifactRecord(clean, digest, size, time.time())
    store.catalogue.transact(
        lambda connection: store.artifacts.put(connection, key, [artifact, *beside]), durable=True
    )
    return artifact


def add_new(store: Store, key: int, names: Iterable[str], stream: IO[bytes]) -> ArtifactRecord:
    """Add a stream's bytes under the first name that no file of the run has; none is replaced.

    Args:
        key: the run's key.
        names: candidates, an endless iterable that is read once.
    """
    checked = map(check_artifact_name, names)
    name = next(checked)
    digest, size = _kept_bytes(store, stream)
    created = time.time()

    def add(connection: sa.Connection) -> ArtifactRecord:
        nonlocal name
        while True:
            artifact = ArtifactRecord(name, digest, size, created)
            if store.artifacts.add(connection, key, artifact):
                return artifact
            name = next(checked)

    return store.catalogue.transact(add, durable=True)


def _kept_bytes(store: Store, stream: IO[bytes]) -> tuple[str, int]:
    """Store a stream's bytes durably; return their digest and size."""
    store.identity.check()  # else a removed workspace's folder would be made again for the bytes
    return store.blobs.put(stream)


@retried
def files(store: Store, record: RunRecord) -> list[ArtifactRecord]:
    """The files of a run, by name."""
    with store.catalogue.read() as connection:
        return store.artifacts.of(connection, record.key)


@retried
def find_file(store: Store, record: RunRecord, name: str) -> ArtifactRecord:
    """A run's file by name; raises ArtifactNotFoundError."""
    clean = check_artifact_name(name)
    with store.catalogue.read() as connection:
        found = store.artifacts.get(connection, record.key, clean)
        if found is None:
            known = [one.name for one in store.artifacts.of(connection, record.key)]
            listed = f" It has: {', '.join(known[:8])}." if known else " It has none yet."
            raise ArtifactNotFoundError(
                f"Run {record.id} has no file {name!r}.{did_you_mean(clean, known)}{listed}"
            )
    return found


def open_file(store: Store, record: RunRecord, name: str) -> IO[bytes]:
    """Open a run's file for reading bytes."""
    return store.blobs.open(find_file(store, record, name).digest)


def download(store: Store, record: RunRecord, name: str, target: Path) -> Path:
    """Copy a run's file to a path, whole or not at all; raises StoreCorruptError if its bytes have changed."""
    found = find_file(store, record, name)
    store.blobs.copy_to(found.digest, target, f"File {name!r} of run {record.id}")
    return target


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Regular files below a folder with their relative names, without links; raises InvalidPathError for no folder."""
    if not folder.is_dir():
        raise InvalidPathError(
            f"There is no folder {str(folder)!r} (the current folder is {Path.cwd()})."
        )
    found = (Path(parent) / name for parent, _, names in os.walk(folder) for name in names)
    for path in sorted(found):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path


def keep_outputs(
    store: Store, record: RunRecord, folder: Path, since: float
) -> list[ArtifactRecord]:
    """Store the files below a folder that changed since a time (seconds since the epoch).

    Older files belong to an earlier run and are skipped. A :class:`QuarantineWarning` reports a file with an
    invalid name, or one that cannot be read.
    """
    if not folder.is_dir():
        return []
    kept = []
    for name, path in files_below(folder):
        try:
            status = path.stat()
            # a copied file may carry an old mtime, but its ctime is new
            if max(status.st_mtime, status.st_ctime) >= since - 0.01:
                kept.append(add_file(store, record, f"{folder.name}/{name}", path))
        except (InvalidPathError, OSError) as error:  # the run ends without this file
            warnings.warn(
                f"{str(path)!r} is not kept with the run: {error}", QuarantineWarning, stacklevel=2
            )
    return kept


def forget_unsent(store: Store, *run_ids: str) -> None:
    """Remove pending uploads of runs."""
    wanted = set(run_ids)
    try:  # only listed names: an id chosen by the user may be `..`
        folders = list((store.folder / UNSENT).iterdir())
    except FileNotFoundError:
        return
    for folder in folders:
        if folder.name in wanted:
            shutil.rmtree(folder, ignore_errors=True)


def image_type(data: bytes) -> str | None:
    """An image's file suffix, from its first bytes; None if it is not an image."""
    for beginning, suffix in _IMAGES:
        if data.startswith(beginning):
            return suffix
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"<svg", b"<?xml")) and b"<svg" in data[:4096]:
        return "svg"
    return None
