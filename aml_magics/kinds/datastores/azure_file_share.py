"""An Azure Files share, accessed by SMB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aml_magics.errors import DataAccessError
from aml_magics.kinds.datastores._azure import account, root, service_url
from aml_magics.kinds.datastores._base import Address, FileDatastore

if TYPE_CHECKING:
    from collections.abc import Mapping


class AzureFileShare(FileDatastore):
    """Uses SMB with the account key, so port 445 must be open; SMB supports no SAS tokens.

    fsspec has no file system for the REST interface of Azure Files.
    """

    type = "AzureFile"
    required = ("account_name", "file_share_name")
    optional = ("protocol", "endpoint")
    credentials = ("account_key", "sas_token")

    def address(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> Address:
        """The share on the account's server; the SMB user is the account."""
        name = account(settings)
        share = root(settings, "file_share_name")
        server = urlsplit(service_url(settings, "file"))
        key = credentials.get("account_key")
        if not key:
            raise DataAccessError(
                f"The file share {share!r} is reached by SMB, which needs account_key and knows no SAS token. Register it "
                "again with the account's key; or mount the share and register its folder: "
                "Datastore.register_url(workspace, name, '/mnt/share')."
            )
        options = {
            "username": name,
            "password": str(key),
            "encrypt": True,
            "port": 445,
            "timeout": 10,
            "register_session_retries": 1,
            "auto_mkdir": True,
            "share_access": "r",
        }
        return Address(f"smb://{server.hostname}/{share}", options, "smb")
