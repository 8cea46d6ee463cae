"""Azure Blob Storage by adlfs, which says within seconds that nobody answers.

The client library waits more than a minute before it gives up, and adlfs does not let one say how long.
"""

from __future__ import annotations

from typing import Any, Final

from adlfs import AzureBlobFileSystem
from azure.storage.blob.aio import BlobServiceClient

_PATIENCE: Final[dict[str, Any]] = {
    "retry_total": 2,
    "initial_backoff": 1,
    "increment_base": 2,
    "random_jitter_range": 1,
    "connection_timeout": 10,
}


class PromptBlobFileSystem(AzureBlobFileSystem):  # type: ignore[misc] # adlfs tells no types
    """A file system of blobs whose client tries twice more, within some seconds."""

    @classmethod
    def opened(cls, url: str, options: dict[str, Any]) -> tuple[PromptBlobFileSystem, str]:
        """The file system of a URL, and the path in it."""
        files = cls(**{**cls._get_kwargs_from_urls(url), **options})
        return files, str(cls._strip_protocol(url))

    def do_connect(self) -> None:
        """Make the client; nothing is asked of the account yet.

        Raises:
            ValueError: a connection string or key that is none.
        """
        super().do_connect()
        if self.connection_string:
            self.service_client = BlobServiceClient.from_connection_string(
                self.connection_string, **_PATIENCE
            )
            return
        credential = self.credential or self.account_key
        signed = "" if credential else self.sas_token or ""
        self.service_client = BlobServiceClient(
            f"{self.account_url}{signed}", credential=credential, **_PATIENCE
        )
