"""Files to and from Azure Blob Storage, by the client that adlfs has open."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import DataAccessError
from aml_magics.services.data.transfer.prefetch import ahead

if TYPE_CHECKING:
    from pathlib import Path

CHANGED: Final = "aml_magics_changed"
"""The metadata of a blob that tells when its source was changed last, nanoseconds since the epoch."""

PARTS: Final = 8
"""How many blocks of a file are under way at once."""

_BLOCK: Final = 8 << 20
_BLOCKS_AT_ONCE: Final = 4
_MOST_BLOCKS: Final = 50_000


def is_azure(files: Any) -> bool:  # noqa: ANN401 -- adlfs ships no types
    """Whether a file system is adlfs's."""
    return "abfs" in files.protocol and hasattr(files, "service_client")


async def put_blob(files: Any, source: Path, path: str, *, overwrite: bool) -> None:  # noqa: ANN401
    """Upload a file: in blocks where it is large, which become a blob all at once.

    Raises:
        DataAccessError: there is a blob of that name by now, and it is not to be replaced.
    """
    from azure.core.exceptions import ResourceExistsError

    container, name, _ = files.split_path(path)
    async with files.service_client.get_blob_client(container, name) as blob:
        with source.open("rb") as file:
            about = os.fstat(file.fileno())
            try:
                await blob.upload_blob(
                    file,
                    length=about.st_size,
                    overwrite=overwrite,
                    metadata=_metadata(about),
                    max_concurrency=PARTS,
                )
            except ResourceExistsError as error:
                raise _written_by_others(path) from error


async def put_blocks(files: Any, source: Path, path: str, *, overwrite: bool) -> None:  # noqa: ANN401
    """Upload a large file in blocks, which become a blob all at once.

    Blocks that an earlier call left are not sent again: a block is called by its contents and its place.

    Raises:
        DataAccessError: as :func:`put_blob`, or the file changed meanwhile.
    """
    container, name, _ = files.split_path(path)
    async with files.service_client.get_blob_client(container, name) as blob:
        with source.open("rb") as file:
            about = os.fstat(file.fileno())
            staged = await _staged(blob)
            length = max(_BLOCK, -(-about.st_size // _MOST_BLOCKS))

            async def put(number: int) -> str:
                data, called = await asyncio.to_thread(_block, file.fileno(), number, length)
                if staged.get(called) != len(data):
                    await blob.stage_block(called, data, length=len(data))
                return called

            numbers = range(-(-about.st_size // length))
            async with aclosing(ahead(numbers, _BLOCKS_AT_ONCE, put)) as done:
                blocks = [called async for called in done]
            check_unchanged(source, about, os.fstat(file.fileno()))
        await _commit(blob, path, blocks, _metadata(about), overwrite=overwrite)


def check_unchanged(source: Path, before: os.stat_result, after: os.stat_result) -> None:
    """Check that a file is what it was when its upload began.

    Raises:
        DataAccessError: it is not; nothing of it is to be seen.
    """
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DataAccessError(
            f"{str(source)!r:.300} was changed while it was uploaded, and nothing was written; try again when it is "
            "complete."
        )


def _metadata(about: os.stat_result) -> dict[str, str]:
    return {"is_directory": "false", CHANGED: str(about.st_mtime_ns)}


def _written_by_others(path: str) -> DataAccessError:
    return DataAccessError(
        f"{path!r:.300} was written by others in this moment, and is not replaced; try again."
    )


def _block(file: int, number: int, length: int) -> tuple[bytes, str]:
    """A block and what it is called: all of a blob's names have one length, here that of Azure's own client."""
    data = os.pread(file, length, number * length)
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
    return data, f"{digest}{number:05}"


async def _staged(blob: Any) -> dict[str, int]:  # noqa: ANN401 -- adlfs's
    """The blocks that wait to become a blob, and their sizes in bytes."""
    from azure.core.exceptions import HttpResponseError

    try:
        _, waiting = await blob.get_block_list("uncommitted")
    except HttpResponseError as error:
        if error.status_code in {
            403,
            404,
        }:  # nothing is there, or who may write is not allowed to look
            return {}
        raise
    return {one.id: one.size for one in waiting}


async def _commit(
    blob: Any,  # noqa: ANN401
    path: str,
    blocks: list[str],
    metadata: dict[str, str],
    *,
    overwrite: bool,
) -> None:
    from azure.core import MatchConditions
    from azure.core.exceptions import HttpResponseError
    from azure.storage.blob import BlobBlock

    only_new = {} if overwrite else {"match_condition": MatchConditions.IfMissing}
    try:
        await blob.commit_block_list(
            [BlobBlock(one) for one in blocks], metadata=metadata, **only_new
        )
    except HttpResponseError as error:
        # Who commits a blob takes the blocks away that wait for it.
        if (
            error.status_code in {409, 412}
            or getattr(error, "error_code", "") == "InvalidBlockList"
        ):
            raise _written_by_others(path) from error
        raise


async def get_blob(files: Any, path: str, target: Path) -> None:  # noqa: ANN401
    """Download a blob into a file."""
    container, name, version = files.split_path(path)
    async with files.service_client.get_blob_client(container, name) as blob:
        stream = await blob.download_blob(version_id=version, max_concurrency=PARTS)
        with target.open("wb") as file:
            await stream.readinto(file)


async def read_blob(files: Any, path: str, etag: str, start: int, end: int) -> bytes:  # noqa: ANN401
    """Bytes of the version of a blob that has an etag; none where it has another by now."""
    from azure.core import MatchConditions
    from azure.core.exceptions import ResourceModifiedError

    container, name, version = files.split_path(path)
    async with files.service_client.get_blob_client(container, name) as blob:
        try:
            stream = await blob.download_blob(
                offset=start,
                length=end - start,
                version_id=version,
                etag=f'"{etag}"',
                match_condition=MatchConditions.IfNotModified,
            )
        except ResourceModifiedError:
            return b""
        data: bytes = await stream.readall()
        return data
