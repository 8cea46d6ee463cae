"""Azure Blob Storage through adlfs, with options of Azure's client that adlfs does not pass on.

It imports adlfs, so import this module only where a blob datastore is opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from adlfs import AzureBlobFileSystem
from azure.storage.blob.aio import BlobServiceClient
from fsspec.asyn import sync
from fsspec.callbacks import DEFAULT_CALLBACK, Callback

_BLOCK: Final = 8 << 20
_BLOCKS_AT_ONCE: Final = 4
# By default the client waits for more than a minute for an answer, and sends up to 64 MB
# from memory in one request: https://learn.microsoft.com/python/api/azure-storage-blob
_CLIENT: Final[dict[str, Any]] = {
    "retry_total": 2,
    "initial_backoff": 1,
    "increment_base": 2,
    "random_jitter_range": 1,
    "connection_timeout": 10,
    "max_block_size": _BLOCK,
    "max_single_put_size": 32 << 20,
    "max_chunk_get_size": _BLOCK,
    "max_single_get_size": _BLOCK,
}


class PromptBlobFileSystem(AzureBlobFileSystem):  # type: ignore[misc] # adlfs ships no types
    """A blob file system whose client gives up within seconds and uploads in small blocks."""

    def do_connect(self) -> None:
        """Make the client, without a request; raises ValueError for a malformed connection string or key."""
        super().do_connect()
        if self.connection_string:
            self.service_client = BlobServiceClient.from_connection_string(
                self.connection_string, **_CLIENT
            )
            return
        credential = self.credential or self.account_key
        signed = "" if credential else self.sas_token or ""
        self.service_client = BlobServiceClient(
            f"{self.account_url}{signed}", credential=credential, **_CLIENT
        )

    def put_file(
        self,
        lpath: str,
        rpath: str,
        callback: Callback = DEFAULT_CALLBACK,
        *,
        metadata: dict[str, str] | None = None,
        overwrite: bool = True,
    ) -> None:
        """Upload a file with metadata, which adlfs does not pass on.

        A large file goes in blocks, which become a blob all at once: nothing of it is visible before.

        Args:
            callback: called after each block; its exception ends the upload.
            overwrite: whether an existing blob is replaced; Azure refuses otherwise.
        """

        async def put() -> None:
            container, name, _ = self.split_path(rpath)
            async with self.service_client.get_blob_client(container, name) as blob:
                with Path(lpath).open("rb") as file:  # noqa: ASYNC230 -- as Azure's client reads from it
                    await blob.upload_blob(
                        file,
                        overwrite=overwrite,
                        metadata={"is_directory": "false", **(metadata or {})},
                        max_concurrency=_BLOCKS_AT_ONCE,
                        raw_response_hook=lambda _: callback.call(),
                    )

        sync(self.loop, put)
