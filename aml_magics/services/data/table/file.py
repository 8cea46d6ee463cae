"""Files as DuckDB opens them: by path, through our file system, or converted to UTF-8."""

from __future__ import annotations

import codecs
import os
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final

from fsspec import AbstractFileSystem

from aml_magics.errors import AmlError, DataAccessError, InvalidDataError
from aml_magics.kinds.formats._header import not_of_encoding
from aml_magics.services.data.store.files import local_path, open_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from aml_magics.services.data.store.files import DataFile

_GLOB: Final = re.compile(r"[*?\[\]]")
_CHUNK: Final = 4_194_304
_PACKED: Final = {".gz": "gzip", ".zst": "zstd"}


@dataclass(frozen=True, eq=False)
class TableFile:
    """A table's file, as formats see it (``InputFile``)."""

    found: DataFile
    path: str
    is_near: bool
    values: Mapping[str, str | datetime]
    scratch: Callable[[], Path]

    @property
    def name(self) -> str:
        """For messages, and as the value of a path column."""
        return _shown(self.found)

    @property
    def is_packed(self) -> bool:
        """Whether it is decompressed while it is read."""
        return _packing(self.found.path) is not None

    @property
    def size(self) -> int:
        """Its bytes, compressed."""
        return self.found.size

    def beginning(self, size: int) -> bytes:
        """Up to ``size`` bytes from its start."""
        with self.found.storage.access(), self._unpacked() as file:
            return file.read(size)

    def ending(self, size: int) -> bytes:
        """Its last ``size`` bytes, compressed."""
        with self.found.storage.access(), open_file(self.found) as file:
            file.seek(max(0, self.size - size))
            return file.read(size)

    def as_utf8(self, encoding: str) -> str:
        r"""The path of a UTF-8 copy with ``\n`` line ends."""
        target = self.scratch() / f"{id(self):x}.txt"
        decoder = codecs.getincrementaldecoder(encoding)()
        lines, held = 0, ""
        with (
            self.found.storage.access(),
            self._unpacked() as file,
            target.open("wb") as written,
        ):
            while True:
                chunk = file.read(_CHUNK)
                try:
                    text = held + decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError as error:
                    lines += chunk[: error.start].count(b"\n") + 1
                    raise not_of_encoding(self.name, lines, encoding) from error
                # "\r" at the end of a chunk may be half of a "\r\n".
                held = "\r" if chunk and text.endswith("\r") else ""
                text = text.removesuffix(held) if held else text
                lines += text.count("\n")
                written.write(text.replace("\r\n", "\n").replace("\r", "\n").encode())
                if not chunk:
                    return str(target)

    @contextmanager
    def _unpacked(self) -> Iterator[IO[bytes]]:
        packing = _packing(self.found.path)
        with open_file(self.found) as file:
            if packing is None:
                yield file
                return
            import pyarrow as pa

            try:
                with pa.CompressedInputStream(file, packing) as unpacked:
                    yield unpacked
            except OSError as error:
                if isinstance(error, AmlError):
                    raise
                raise InvalidDataError(
                    f"{self.name!r:.300} cannot be unpacked: it is cut off or damaged, or is not packed by {packing}, as "
                    "its name says; copy it again, or rename it."
                ) from error


def _packing(path: str) -> str | None:
    return _PACKED.get(PurePosixPath(path).suffix.lower())


def _shown(found: DataFile) -> str:
    """The user's name for a file; undecodable bytes of the name are escaped."""
    return "/" + os.fsencode(found.relative.lstrip("/")).decode(errors="backslashreplace")


class _Closing:
    """A file that closes itself when DuckDB drops it: DuckDB does not close fsspec's files."""

    def __init__(self, file: IO[bytes], noting: Callable[[], AbstractContextManager[None]]) -> None:
        self._file = file
        self._noting = noting
        self.seek, self.tell, self.close = file.seek, file.tell, file.close

    def read(self, size: int = -1) -> bytes:
        with self._noting():
            return self._file.read(size)

    def __del__(self) -> None:
        self._file.close()


def _is_plain(path: str) -> bool:
    """Whether DuckDB can open a path itself: it is valid text, and its wildcards can be escaped."""
    is_text = not any("\ud800" <= mark <= "\udfff" for mark in path)
    return is_text and not ("\\" in path and _GLOB.search(path))


class TableFiles(AbstractFileSystem):  # type: ignore[misc]  # fsspec has no types
    """The file system through which DuckDB reads files that it cannot open itself.

    Args:
        protocol: unique to the connection.
    """

    cachable = False

    def __init__(self, protocol: str) -> None:
        super().__init__(skip_instance_cache=True)
        self.protocol = protocol
        self.failure: Exception | None = None
        self._files: dict[str, DataFile] = {}
        self._lock = threading.Lock()

    def path_of(self, found: DataFile) -> tuple[str, bool]:
        """The path for DuckDB, and whether DuckDB opens it itself."""
        local = local_path(found)
        if local is not None and _is_plain(str(local)):
            return _GLOB.sub(lambda mark: f"[{mark[0]}]", str(local)), True
        with self._lock:
            path = f"{self.protocol}://{len(self._files)}"
            suffix = PurePosixPath(found.path).suffix.lower()
            path += suffix if suffix in _PACKED else ""  # shows DuckDB the compression
            self._files[path] = found
        return path, local is not None

    def open(self, path: str, mode: str = "rb", **_: Any) -> _Closing:  # noqa: ANN401 -- as fsspec
        """Open a file."""
        if mode != "rb":
            raise DataAccessError(
                f"A table only reads its files, and {path!r:.100} was opened as {mode!r}."
            )
        found = self._files[path]
        with self._noting(found):
            return _Closing(open_file(found), lambda: self._noting(found))

    @contextmanager
    def _noting(self, found: DataFile) -> Iterator[None]:
        """Keep a file's original error: DuckDB replaces all errors by its own."""
        try:
            with found.storage.access():
                yield
        except AmlError as error:
            self.failure = error
            raise

    def info(self, path: str, **_: Any) -> dict[str, Any]:  # noqa: ANN401 -- as fsspec
        """Size and type of a file."""
        return {"name": path, "size": self._files[path].size, "type": "file"}

    def exists(self, path: str, **_: Any) -> bool:  # noqa: ANN401 -- as fsspec
        """Whether the path is a file of this table."""
        return path in self._files

    def glob(self, path: str, **_: Any) -> list[str]:  # noqa: ANN401 -- as fsspec
        """The file itself: our paths hold no pattern."""
        return [path] if path in self._files else []

    def modified(self, path: str) -> datetime:
        """The modification time; a fixed time if the store has none."""
        return datetime.fromtimestamp(self._files[path].changed or 0.0, UTC)
