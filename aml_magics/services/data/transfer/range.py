"""Large files of a remote place, read in ranges, so that a download goes on where it was cut off."""

from __future__ import annotations

import hashlib
import shutil
import time
from contextlib import aclosing
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Final

from aml_magics.errors import DataAccessError
from aml_magics.services.data.store.file_info import UNFINISHED
from aml_magics.services.data.store.remote_listing import entry_of
from aml_magics.services.data.transfer.azure import is_azure, read_blob
from aml_magics.services.data.transfer.prefetch import ahead
from aml_magics.services.data.transfer.s3 import is_s3, read_object

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aml_magics.services.data.store.files import FoundFile

    Read = Callable[[int, int], Awaitable[bytes]]

LARGE: Final = 32 << 20
"""Files of more bytes go on where they were cut off; others begin anew."""

_PIECE: Final = 8 << 20
_AT_ONCE: Final = 4
_SETTLED: Final = 120.0
"""Seconds after which a file that is changed again surely has another moment, on a clock that is a little off."""


def part_name(file: FoundFile, target: Path) -> str:
    """How the unfinished copy of a version of a file is called beside its target; empty where it begins anew.

    The first half tells the target, the second the version. That is told by what the store calls the
    contents, or by a moment that is long enough ago.
    """
    if file.place.folder is not None or file.size <= LARGE or not _is_certain(file):
        return ""
    version = "\0".join((file.place_name, file.path, str(file.size), file.stamp))
    return f".{_short(target.name)}{_short(version)}{UNFINISHED}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def _is_certain(file: FoundFile) -> bool:
    if not file.stamp.startswith(f"{file.size}-"):
        return not file.stamp.startswith("W/")  # a weak etag tells nothing of bytes
    return file.changed is not None and time.time() - file.changed > _SETTLED


async def get_ranges(file: FoundFile, part: Path) -> None:
    """Download what a part lacks, by a file system with coroutines.

    Raises:
        DataAccessError: the file is another one by now; the part is removed.
    """
    files: Any = file.place.files
    if is_azure(files):
        await _fill(file, part, partial(read_blob, files, file.path, file.stamp))
    elif is_s3(files):
        await _fill(file, part, partial(read_object, files, file.path, file.stamp))
    elif await _has_ranges(files, file.path):
        await _fill(file, part, partial(files._cat_file, file.path))  # noqa: SLF001 -- fsspec's own way to read several at once
        _check_same(file, part, await files._info(file.path))  # noqa: SLF001 -- as above
    else:
        await files._get_file(file.path, str(part))  # noqa: SLF001 -- as above


def get_rest(file: FoundFile, part: Path) -> None:
    """As :func:`get_ranges`, by a file system without coroutines."""
    files: Any = file.place.files
    with part.open("r+b") as target, files.open(file.path, "rb") as source:
        done = _done(target, file.size)
        if done and source.seekable():
            source.seek(done)
        else:
            target.truncate(target.seek(0))
        shutil.copyfileobj(source, target, _PIECE)
    _check_same(file, part, files.info(file.path))


async def _fill(file: FoundFile, part: Path, read: Read) -> None:
    """Append what a part lacks: what it holds is the beginning of the file at any moment."""

    async def piece(start: int) -> bytes:
        end = min(start + _PIECE, file.size)
        data = await read(start, end)
        if len(data) != end - start:
            raise _changed(file, part)
        return data

    with part.open("r+b") as target:
        starts = range(_done(target, file.size), file.size, _PIECE)
        async with aclosing(ahead(starts, _AT_ONCE, piece)) as pieces:
            async for data in pieces:
                target.write(data)
                target.flush()


def _done(target: IO[bytes], size: int) -> int:
    """How many bytes are there; more than the file has are of no file."""
    done = target.seek(0, 2)
    if done > size:
        done = target.seek(0)
        target.truncate()
    return done


async def _has_ranges(files: Any, path: str) -> bool:  # noqa: ANN401 -- fsspec ships no types
    """Whether a file can be read in parts; a server of HTTP may send all of it whatever was asked for."""
    if "http" not in files.protocol:
        return True
    session = await files.set_session()
    headers = {**files.kwargs.get("headers", {}), "Range": "bytes=0-0"}
    async with session.get(
        files.encode_url(path), **{**files.kwargs, "headers": headers}
    ) as answer:
        return bool(answer.status == 206)


def _check_same(file: FoundFile, part: Path, info: dict[str, Any]) -> None:
    now = entry_of("", info)
    if (now.size, now.stamp) != (file.size, file.stamp):
        raise _changed(file, part)


def _changed(file: FoundFile, part: Path) -> DataAccessError:
    part.unlink(missing_ok=True)  # nobody knows of which version it is
    return DataAccessError(
        f"{file.path!r:.300} of {file.place_name} was changed while it was read: it is being written by others. Try again when "
        "that has ended."
    )
