"""A file system of Azure Data Lake Storage Gen2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidArgumentError
from aml_magics.kinds.datastores._azure import ASSUMED, NOTES, account, principal, root, service_url
from aml_magics.kinds.datastores._base import Address, FileDatastore

if TYPE_CHECKING:
    from collections.abc import Mapping


class AzureDataLakeGen2(FileDatastore):
    """Authenticates as a service principal, else as the Azure user logged in on this machine."""

    type = "AzureDataLakeGen2"
    required = ("account_name", "filesystem")
    optional = (
        "tenant_id",
        "client_id",
        "resource_url",
        "authority_url",
        "protocol",
        "endpoint",
        *NOTES,
    )
    credentials = ("client_secret",)

    def address(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> Address:
        """The file system; adlfs uses the account's blob service, which has the same files."""
        service = service_url(settings, "blob")
        if not service.startswith("https://"):
            raise InvalidArgumentError(
                "A data lake is reached by https alone; leave protocol at https."
            )
        host = service.removeprefix("https://")
        options = {"account_name": account(settings), "account_host": host, **ASSUMED}
        url = f"abfs://{root(settings, 'filesystem')}"
        return Address(url, {**options, **principal(settings, credentials)}, "azure")
