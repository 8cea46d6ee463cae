"""A container of Azure Blob Storage, or of an emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidArgumentError
from aml_magics.kinds.datastores._azure import ASSUMED, NOTES, account, root, service_url
from aml_magics.kinds.datastores._base import Address, FileDatastore

if TYPE_CHECKING:
    from collections.abc import Mapping


class AzureBlob(FileDatastore):
    """Authenticates with an account key or a SAS token, else as the Azure user logged in on this machine."""

    type = "AzureBlob"
    required = ("account_name", "container_name")
    optional = ("protocol", "endpoint", "blob_cache_timeout", *NOTES)
    credentials = ("account_key", "sas_token")

    def address(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> Address:
        """The container. A connection string keeps adlfs from reading environment variables."""
        url = f"abfs://{root(settings, 'container_name')}"
        service = service_url(settings, "blob")
        secret = _secret(credentials)
        if secret:
            words = f"BlobEndpoint={service};AccountName={account(settings)};{secret}"
            return Address(url, {"connection_string": words, **ASSUMED}, "azure")
        if not service.startswith("https://"):
            raise InvalidArgumentError(
                "Azure's identities are sent over https alone; give account_key or sas_token, or leave protocol at https."
            )
        host = service.removeprefix("https://")
        options = {"account_name": account(settings), "account_host": host, **ASSUMED}
        return Address(url, options, "azure")


def _secret(credentials: Mapping[str, Any]) -> str:
    key, token = credentials.get("account_key"), credentials.get("sas_token")
    for name, value in (("account_key", key), ("sas_token", token)):
        if value and (not isinstance(value, str) or ";" in value):
            raise InvalidArgumentError(f"{name} is one text without ';', as Azure shows it.")
    if key:
        return f"AccountKey={key}"
    return f"SharedAccessSignature={token.lstrip('?')}" if token else ""
