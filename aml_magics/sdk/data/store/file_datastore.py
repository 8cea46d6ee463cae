"""Datastores with files, as Azure ML SDK v1 names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore, ServicePrincipal
from aml_magics.sdk.data.store.transfer import DatastoreTransfer

if TYPE_CHECKING:
    from aml_magics.sdk.data.store.reference import DataReference


class _Files(DatastoreTransfer, AbstractDatastore):
    """A datastore with files: for uploads, downloads and scripts."""

    def as_download(self, path_on_compute: str | None = None) -> DataReference:
        """All of it for a script, copied to where it runs."""
        return self.path().as_download(path_on_compute)

    def as_mount(self) -> DataReference:
        """All of it for a script, as a folder."""
        return self.path().as_mount()

    def as_upload(self, path_on_compute: str | None = None) -> DataReference:
        """A folder that a script writes; its files go to the root."""
        return self.path().as_upload(path_on_compute)


class _Account(_Files):
    """Files of an account of Azure."""

    @property
    def protocol(self) -> str:
        """``https`` or ``http``."""
        return str(self._setting("protocol", "https"))

    @property
    def endpoint(self) -> str:
        """The end of the account's address."""
        return str(self._setting("endpoint", "core.windows.net"))


class AbstractAzureStorageDatastore(_Account):
    """A container or share of an account of Azure Storage; or the workspace's own, which has no account."""

    @property
    def account_name(self) -> str:
        """The account; empty for the workspace's own datastores."""
        return str(self._setting("account_name", ""))

    @property
    def container_name(self) -> str:
        """The container or share; for the workspace's own datastores their name."""
        found = self._setting("container_name") or self._setting("file_share_name")
        return str(found or self.name)

    @property
    def account_key(self) -> str | None:
        """The key, where one was given on this machine."""
        return self._credential("account_key")

    @property
    def sas_token(self) -> str | None:
        """The shared access signature, where one was given on this machine."""
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
    """A container of blobs; ``workspaceblobstore`` is one, in the workspace."""

    @property
    def blob_cache_timeout(self) -> int | None:
        """Accepted as in Azure and not used."""
        found: int | None = self._setting("blob_cache_timeout")
        return found


class AzureFileDatastore(AbstractAzureStorageDatastore):
    """A file share; ``workspacefilestore`` is one, in the workspace."""


class AbstractADLSDatastore(_Files, ServicePrincipal):
    """A data lake, which a service principal reaches."""

    @property
    def resource_url(self) -> str | None:
        """Recorded as in Azure."""
        return self._text("resource_url")

    @property
    def authority_url(self) -> str | None:
        """Recorded as in Azure."""
        return self._text("authority_url")


class AzureDataLakeDatastore(AbstractADLSDatastore):
    """Data Lake Storage Gen1, which Azure has switched off; recorded only."""

    @property
    def store_name(self) -> str:
        """The name that it had."""
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


class DBFSDatastore(_Files):
    """The file system of Databricks, where a cluster has it at ``/dbfs``."""


class HDFSDatastore(_Files):
    """A Hadoop cluster; recorded only."""


class UrlDatastore(_Files):
    """Any URL that fsspec knows, or a local folder."""

    @property
    def url(self) -> str:
        """Where it is, without a password."""
        return str(self._setting("url"))

    @property
    def storage_options(self) -> dict[str, Any]:
        """What its file system is opened with, without what is secret."""
        return dict(self._setting("storage_options", {}))
