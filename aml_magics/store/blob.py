"""Bytes by their SHA-256, in a local folder or wherever fsspec reaches."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from aml_magics.errors import (
    ArtifactNotFoundError,
    DependencyError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from aml_magics.store.filesystem import free_bytes

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

PIECE = 1 << 20


class BlobStore:
    """Content-addressed bytes: the same file is kept once, however many runs have it.

    A blob is written under a temporary name, flushed to the device and renamed, so a kill leaves a
    whole blob or none.

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

            if "://" not in self.url:  # fsspec would read more into a folder such as `a::b`
                self._opened = LocalFileSystem(), str(Path(self.url).absolute())
                return self._opened
            try:
                self._opened = url_to_fs(self.url)
            except ImportError as error:
                raise DependencyError(f"Artifacts at {self.url} need a package: {error}") from error
            except ValueError as error:
                raise StoreError(
                    f"Artifacts are kept in a folder or at an fsspec URL, not at {self.url!r}: {error}"
                ) from error
        return self._opened

    @property
    def is_local(self) -> bool:
        """Whether blobs lie in a folder of this machine."""
        return "://" not in self.url or self.url.startswith("file://")

    def put(self, source: IO[bytes]) -> tuple[str, int]:
        """Keep the bytes of a file object; returns their SHA-256 in hex and their number."""
        files, root = self._place
        temporary = f"{root}/incoming/{secrets.token_hex(8)}"
        digest, size = hashlib.sha256(), 0
        try:
            files.makedirs(f"{root}/incoming", exist_ok=True)
            with files.open(temporary, "wb") as file:
                while piece := source.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
                    file.write(piece)
                self._to_device(file)
            self._settle(files, temporary, digest.hexdigest())
        except OSError as error:
            self._sweep(files, temporary)
            raise self._explained(error) from error
        return digest.hexdigest(), size

    def open(self, digest: str) -> IO[bytes]:
        """A file object with the bytes of a digest.

        Raises:
            ArtifactNotFoundError: the bytes are gone, or cannot be read.
        """
        files, _ = self._place
        try:
            if self.is_local:
                self._refuse_other_than_a_file(digest)
            opened: IO[bytes] = files.open(self._path(digest), "rb")
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

    def _refuse_other_than_a_file(self, digest: str) -> None:
        """Refuse a link, which leads out of the store, and a pipe, which does not end."""
        path = Path(self._path(digest))
        if path.parent.is_symlink() or not stat.S_ISREG(path.lstat().st_mode):
            raise OSError(errno.EINVAL, "no plain file")

    def has(self, digest: str) -> bool:
        """Whether the bytes of a digest are there."""
        files, _ = self._place
        return bool(files.exists(self._path(digest)))

    def local_path(self, digest: str) -> Path | None:
        """The file with the bytes of a digest where it is on this machine."""
        return Path(self._path(digest)) if self.is_local else None

    def remove(self, digest: str) -> None:
        """Remove the bytes of a digest; nothing happens where they are gone."""
        files, _ = self._place
        try:
            files.rm_file(self._path(digest))
        except FileNotFoundError:
            return

    def _path(self, digest: str) -> str:
        return f"{self._place[1]}/{digest[:2]}/{digest}"

    def _settle(self, files: AbstractFileSystem, temporary: str, digest: str) -> None:
        target = self._path(digest)
        if files.exists(target):
            files.rm_file(temporary)
            return
        files.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH120 -- a path of any file system
        if self.is_local:
            os.replace(temporary, target)  # noqa: PTH105 -- atomic, and fsspec's own move is not
            return
        files.mv(temporary, target)

    def _to_device(self, file: Any) -> None:  # noqa: ANN401 -- fsspec's file objects have no common type
        if self.is_local:
            file.flush()
            os.fsync(file.fileno())

    @staticmethod
    def _sweep(files: AbstractFileSystem, temporary: str) -> None:
        try:
            files.rm_file(temporary)
        except OSError:
            return  # it was never made, or the device that failed keeps it: `doctor` lists such files

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
