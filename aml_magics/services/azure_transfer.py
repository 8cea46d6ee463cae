"""Files to and from Azure Blob Storage, by the client that adlfs has open."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import DataAccessError

if TYPE_CHECKING:
    from pathlib import Path

CHANGED: Final = "aml_magics_changed"
"""The metadata of a blob that tells when its source was changed last, nanoseconds since the epoch."""

PARTS: Final = 8
"""How many blocks of a file are under way at once."""


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
                    metadata={"is_directory": "false", CHANGED: str(about.st_mtime_ns)},
                    max_concurrency=PARTS,
                )
            except ResourceExistsError as error:
                raise DataAccessError(
                    f"{path!r:.300} was written by others in this moment, and is not replaced; try again."
                ) from error


async def get_blob(files: Any, path: str, target: Path) -> None:  # noqa: ANN401
    """Download a blob into a file."""
    container, name, version = files.split_path(path)
    async with files.service_client.get_blob_client(container, name) as blob:
        stream = await blob.download_blob(version_id=version, max_concurrency=PARTS)
        with target.open("wb") as file:
            await stream.readinto(file)
