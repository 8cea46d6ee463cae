"""Datastores with files."""

from __future__ import annotations

from typing import Any

from aml_magics.sdk.data.store.abstract_datastore import ServicePrincipal
from aml_magics.sdk.data.store.transfer import DatastoreTransfer


class _Account(DatastoreTransfer):
    """Files of an Azure account."""

    @property
    def protocol(self) -> str:
        """``https`` or ``http``."""
        return str(self._setting("protocol", "https"))

    @property
    def endpoint(self) -> str:
        """The end of the account's address."""
        return str(self._setting("endpoint", "core.windows.net"))


class AbstractAzureStorageDatastore(_Account):
    """A container or share of an Azure Storage account, or a built-in one, which has no account."""

    @property
    def account_name(self) -> str:
        """The account; empty for built-in datastores."""
        return str(self._setting("account_name", ""))

    @property
    def container_name(self) -> str:
        """The container or share; for built-in datastores their name."""
        found = self._setting("container_name") or self._setting("file_share_name")
        return str(found or self.name)

    @property
    def account_key(self) -> str | None:
        """The account's key, if it was given on this machine."""
        return self._credential("account_key")

    @property
    def sas_token(self) -> str | None:
        """The shared access signature, if it was given on this machine."""
        return self._credential("sas_token")

    @property
    def subscription_id(self) -> str | None:
        """The account's subscription, as it was given."""
        return self._text("subscription_id")

    @property
    def resource_group(self) -> str | None:
        """The account's resource group, as it was given."""
        return self._text("resource_group")


class AzureBlobDatastore(AbstractAzureStorageDatastore):
    """A container of blobs; ``workspaceblobstore`` is the built-in one."""

    @property
    def blob_cache_timeout(self) -> int | None:
        """Accepted as in Azure and not used."""
        found: int | None = self._setting("blob_cache_timeout")
        return found


class AzureFileDatastore(AbstractAzureStorageDatastore):
    """A file share; ``workspacefilestore`` is the built-in one."""


class AbstractADLSDatastore(DatastoreTransfer, ServicePrincipal):
    """A data lake, accessed by a service principal."""

    @property
    def resource_url(self) -> str | None:
        """Recorded as in Azure."""
        return self._text("resource_url")

    @property
    def authority_url(self) -> str | None:
        """Recorded as in Azure."""
        return self._text("authority_url")


class AzureDataLakeDatastore(AbstractADLSDatastore):
    """Data Lake Storage Gen1, which Azure has retired; recorded only."""

    @property
    def store_name(self) -> str:
        """The name of the former store."""
        return str(self._setting("store_name"))


class AzureDataLakeGen2Datastore(AbstractADLSDatastore, _Account):
    """A file system of Data Lake Storage Gen2."""

    @property
    def account_name(self) -> str:
        """The account."""
        return str(self._setting("account_name"))

    @property
    def container_name(self) -> str:
        """The file system."""
        return str(self._setting("filesystem"))


class DBFSDatastore(DatastoreTransfer):
    """The file system of Databricks, which a cluster mounts at ``/dbfs``."""


class HDFSDatastore(DatastoreTransfer):
    """A Hadoop cluster; recorded only."""


class UrlDatastore(DatastoreTransfer):
    """Any URL that fsspec knows, or a local folder."""

    @property
    def url(self) -> str:
        """The address, without a password."""
        return str(self._setting("url"))

    @property
    def storage_options(self) -> dict[str, Any]:
        """Options of fsspec for its file system, without secrets."""
        return dict(self._setting("storage_options", {}))
