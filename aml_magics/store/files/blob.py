"""Content-addressed bytes by SHA-256, in a local folder or any fsspec URL."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from aml_magics._optional import extra_of, missing_package
from aml_magics.errors import (
    ArtifactNotFoundError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from aml_magics.records.secret import mask
from aml_magics.store.files.blob_folder import INCOMING, BlobFolder
from aml_magics.store.files.filesystem import free_bytes

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

PIECE = 1 << 20
# Larger writes make Linux look for as much memory in one piece: 100 MB took twice as long in pieces of 1 MiB.
_WRITTEN: Final = 1 << 18
_ONLY_READ: Final = frozenset(
    {"http", "https", "data", "zip", "tar", "libarchive", "github", "git", "reference"}
)


class BlobStore:
    """Content-addressed bytes: a file is stored once, however many runs have it.

    A blob is written under a temporary name, flushed to the device and renamed, so a kill leaves a
    whole blob or none. The new bytes replace those that are there: that costs no more than removing
    the new ones, no reading, and heals a blob that was damaged.

    Args:
        url: a folder, or any URL that fsspec knows (``s3://``, ``abfs://``, ``gs://``, ``memory://``).
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._opened: tuple[AbstractFileSystem, str] | None = None

    @property
    def _place(self) -> tuple[AbstractFileSystem, str]:
        if self._opened is None:
            from fsspec.core import url_to_fs
            from fsspec.implementations.local import LocalFileSystem

            if "://" not in self.url:  # fsspec would parse a folder such as `a::b` as a chained URL
                self._opened = LocalFileSystem(), str(Path(self.url).absolute())
                return self._opened
            try:
                self._opened = url_to_fs(self.url)
            except ImportError as error:
                feature = f"A workspace with artifacts at {self.url}"
                raise missing_package(feature, "", extra_of(self.url), error) from error
            except ValueError as error:
                raise StoreError(
                    f"Artifacts are kept in a folder or at an fsspec URL, not at {self.url!r}: {error}"
                ) from error
        return self._opened

    @property
    def is_local(self) -> bool:
        """Whether blobs are in a folder of this machine."""
        return "://" not in self.url or self.url.startswith("file://")

    def check(self) -> None:
        """Refuse an address that cannot store blobs; no request is sent.

        Raises:
            StoreError: it is not printable text, or a read-only kind.
        """
        if not self.url.isprintable():
            raise StoreError(
                f"Artifacts are kept in a folder or at an fsspec URL of printable letters, not {self.url!r:.200}."
            )
        parts = self.url.split("::") if "://" in self.url else []
        for protocol in (part.partition("://")[0] for part in parts):
            if protocol in _ONLY_READ:
                raise StoreError(
                    f"Artifacts cannot be kept at {mask(self.url)!r:.200}: {protocol} is only read. "
                    "Use a folder, or an address such as abfs://, s3:// or gs://."
                )

    def put(self, source: IO[bytes]) -> tuple[str, int]:
        """Store the bytes of a file object; returns their SHA-256 in hex and their number."""
        try:
            return self._put_here(source) if self.is_local else self._put_away(source)
        except OSError as error:
            raise self._explained(error) from error

    def _put_here(self, source: IO[bytes]) -> tuple[str, int]:
        folder = BlobFolder(Path(self._place[1]))
        with folder.new_file() as (file, path):
            digest, size = _copied(source, file)
            file.flush()
            os.fsync(file.fileno())
            folder.rename(path, Path(self._path(digest)))
        return digest, size

    def _put_away(self, source: IO[bytes]) -> tuple[str, int]:
        files, root = self._place
        temporary = f"{root}/{INCOMING}/{secrets.token_hex(8)}"
        try:
            files.makedirs(f"{root}/{INCOMING}", exist_ok=True)
            with files.open(temporary, "wb") as file:
                digest, size = _copied(source, file)
            target = self._path(digest)
            files.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH120 -- a path of any file system
            files.mv(temporary, target)
        except OSError:
            self._sweep(files, temporary)
            raise
        except NotImplementedError as error:
            raise StoreError(
                f"Artifacts cannot be kept at {mask(self.url)!r:.200}: that kind of storage is only read."
            ) from error
        return digest, size

    def open(self, digest: str) -> IO[bytes]:
        """A file object with the bytes of a digest; raises ArtifactNotFoundError if unreadable."""
        try:
            opened = self._opened_here(digest) if self.is_local else self._opened_away(digest)
        except FileNotFoundError as error:
            raise ArtifactNotFoundError(
                f"The bytes {digest[:12]}… are no longer at {self.url}; put them back from a backup."
            ) from error
        except OSError as error:
            if not self.is_local:
                raise
            raise ArtifactNotFoundError(
                f"The bytes {digest[:12]}… cannot be read at {self.url} ({error.strerror}); put them back from a backup."
            ) from error
        return opened

    def _opened_away(self, digest: str) -> IO[bytes]:
        opened: IO[bytes] = self._place[0].open(self._path(digest), "rb")
        return opened

    def _opened_here(self, digest: str) -> IO[bytes]:
        """Refuses links, which lead out of the store, and pipes, which do not end."""
        path = self._path(digest)
        # called for thousands of files at submission: pathlib and fsspec objects would dominate
        in_link = os.path.islink(os.path.dirname(path))  # noqa: PTH114, PTH120
        if in_link or not stat.S_ISREG(os.lstat(path).st_mode):
            raise OSError(errno.EINVAL, "no plain file")
        return open(path, "rb")  # noqa: PTH123 -- who asked for it closes it

    def copy(self, digest: str, target: IO[bytes], what: str) -> None:
        """Copy the bytes of a digest, and verify them.

        Args:
            target: a file object; its content is undefined after an error.
            what: the owner of the bytes, for the message: ``File 'a' of run b``.

        Raises:
            ArtifactNotFoundError: the bytes are gone, or cannot be read.
            StoreCorruptError: they have changed.
        """
        with self.open(digest) as source:
            found, _ = _copied(source, target)
        if found != digest:
            raise StoreCorruptError(
                f"{what} is damaged where it is kept ({self._path(digest)}); put it back from a backup, "
                "or keep the same bytes once more, which mends it."
            )

    def copy_to(self, digest: str, path: Path, what: str) -> None:
        """Copy the bytes of a digest to a file, whole or not at all; raises as :meth:`copy` does."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with partial.open("wb") as copy:
                self.copy(digest, copy, what)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    def holds(self, digest: str, source: IO[bytes]) -> bool:
        """Whether the bytes of a file object are already stored intact.

        The size is compared first. A local folder then compares the bytes instead of hashing again, mostly
        from the page cache. Remote storage would have to fetch them, so beyond one piece the size is trusted;
        such storage has checksums of its own.
        """
        size = source.seek(0, os.SEEK_END)
        try:
            with self.open(digest) as kept:
                if kept.seek(0, os.SEEK_END) != size:
                    return False
                if size > PIECE and not self.is_local:
                    return True
                kept.seek(0)
                source.seek(0)
                while piece := source.read(PIECE):
                    if kept.read(len(piece)) != piece:
                        return False
        except ArtifactNotFoundError:
            return False
        return True

    def local_path(self, digest: str) -> Path | None:
        """The local file with the bytes of a digest, if there is one."""
        return Path(self._path(digest)) if self.is_local else None

    def remove(self, digest: str) -> None:
        """Remove the bytes of a digest, if they exist."""
        files, _ = self._place
        try:
            files.rm_file(self._path(digest))
        except FileNotFoundError:
            return

    def _path(self, digest: str) -> str:
        return f"{self._place[1]}/{digest[:2]}/{digest}"

    @staticmethod
    def _sweep(files: AbstractFileSystem, temporary: str) -> None:
        try:
            files.rm_file(temporary)
        except OSError:
            return  # never created, or stuck on a failing device: `doctor` lists such files

    def _explained(self, error: OSError) -> Exception:
        if isinstance(error, PermissionError) or error.errno == 30:
            return StoreReadOnlyError(
                f"Artifacts cannot be written at {self.url}: {error.strerror}. Make it writable."
            )
        if self.is_local and error.errno in (28, 122):
            free = free_bytes(Path(self._place[1]))
            return StoreFullError(
                f"No room for an artifact at {self.url}: {free:,} bytes are free. Free some space and try again."
            )
        return StoreError(f"Artifacts cannot be written at {self.url}: {error}")


def _copied(source: IO[bytes], target: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_WRITTEN):
        digest.update(piece)
        size += len(piece)
        target.write(piece)
    return digest.hexdigest(), size
