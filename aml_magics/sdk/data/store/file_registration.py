"""How datastores with files are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.data.store.handle import registered

if TYPE_CHECKING:
    import os

    from aml_magics.sdk.data.store.file_datastore import (
        AzureBlobDatastore,
        AzureDataLakeDatastore,
        AzureDataLakeGen2Datastore,
        AzureFileDatastore,
        DBFSDatastore,
        HDFSDatastore,
        UrlDatastore,
    )
    from aml_magics.sdk.workspace.workspace import Workspace


class FileRegistration:
    """Part of ``Datastore``."""

    @staticmethod
    def register_azure_blob_container(
        workspace: Workspace,
        datastore_name: str,
        container_name: str,
        account_name: str,
        sas_token: str | None = None,
        account_key: str | None = None,
        protocol: str | None = None,
        endpoint: str | None = None,
        overwrite: bool = False,
        create_if_not_exists: bool = False,
        skip_validation: bool = False,
        blob_cache_timeout: int | None = None,
        grant_workspace_access: bool = False,
        subscription_id: str | None = None,
        resource_group: str | None = None,
    ) -> AzureBlobDatastore:
        """Register a container of Azure Blob Storage, or of an emulator of it.

        Args:
            workspace: where it gets its name.
            datastore_name: the name.
            container_name: the container.
            account_name: the account, without the rest of its address.
            sas_token: a shared access signature; the key goes before it.
            account_key: the account's key. With neither, who is logged in to Azure reaches it.
            protocol: ``https``, or ``http``.
            endpoint: the end of the account's address, ``core.windows.net`` where none is given; for an
                emulator ``host:port`` or a URL.
            overwrite: replace another datastore of that name.
            create_if_not_exists: make the container, which asks the account.
            skip_validation: accepted; nothing is validated before it is used.
            blob_cache_timeout: recorded, in seconds, as are the arguments after it.

        Raises:
            InvalidNameError, InvalidArgumentError: a name or setting that cannot be.
            AlreadyExistsError: another has the name.
            DataAccessError, DependencyError: the container was to be made and cannot.
        """
        del skip_validation
        settings = {
            "account_name": account_name,
            "container_name": container_name,
            "protocol": protocol,
            "endpoint": endpoint,
            "blob_cache_timeout": blob_cache_timeout,
            "grant_workspace_access": grant_workspace_access or None,
            "subscription_id": subscription_id,
            "resource_group": resource_group,
        }
        secrets = {"account_key": account_key, "sas_token": sas_token}
        made: AzureBlobDatastore = registered(
            workspace, datastore_name, "azure_blob", settings, secrets, overwrite
        )
        if create_if_not_exists:
            from aml_magics.services.data.store.location import make_container

            make_container(workspace.store, made._record)
        return made

    @staticmethod
    def register_azure_file_share(
        workspace: Workspace,
        datastore_name: str,
        file_share_name: str,
        account_name: str,
        sas_token: str | None = None,
        account_key: str | None = None,
        protocol: str | None = None,
        endpoint: str | None = None,
        overwrite: bool = False,
        create_if_not_exists: bool = False,
        skip_validation: bool = False,
    ) -> AzureFileDatastore:
        """Register a share of Azure Files. It is reached by SMB, which needs the account's key.

        The arguments are those of :meth:`register_azure_blob_container`.

        Raises:
            InvalidNameError, InvalidArgumentError: a name or setting that cannot be, or a share is to be made.
            AlreadyExistsError: another has the name.
        """
        del skip_validation
        if create_if_not_exists:
            raise InvalidArgumentError(
                "create_if_not_exists makes no file share here, for SMB cannot; make it in Azure's portal, and leave this out."
            )
        settings = {
            "account_name": account_name,
            "file_share_name": file_share_name,
            "protocol": protocol,
            "endpoint": endpoint,
        }
        secrets = {"account_key": account_key, "sas_token": sas_token}
        made: AzureFileDatastore = registered(
            workspace, datastore_name, "azure_file_share", settings, secrets, overwrite
        )
        return made

    @staticmethod
    def register_azure_data_lake(
        workspace: Workspace,
        datastore_name: str,
        store_name: str,
        tenant_id: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        resource_url: str | None = None,
        authority_url: str | None = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        overwrite: bool = False,
        grant_workspace_access: bool = False,
    ) -> AzureDataLakeDatastore:
        """Record a Data Lake Storage Gen1, which Azure has switched off: reading from it says so.

        Raises:
            InvalidNameError, InvalidArgumentError: a name or setting that cannot be.
            AlreadyExistsError: another has the name.
        """
        settings = {
            "store_name": store_name,
            "tenant_id": tenant_id,
            "client_id": client_id,
            "resource_url": resource_url,
            "authority_url": authority_url,
            "subscription_id": subscription_id,
            "resource_group": resource_group,
            "grant_workspace_access": grant_workspace_access or None,
        }
        secrets = {"client_secret": client_secret}
        made: AzureDataLakeDatastore = registered(
            workspace, datastore_name, "azure_data_lake", settings, secrets, overwrite
        )
        return made

    @staticmethod
    def register_azure_data_lake_gen2(
        workspace: Workspace,
        datastore_name: str,
        filesystem: str,
        account_name: str,
        tenant_id: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        resource_url: str | None = None,
        authority_url: str | None = None,
        protocol: str | None = None,
        endpoint: str | None = None,
        overwrite: bool = False,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        grant_workspace_access: bool = False,
    ) -> AzureDataLakeGen2Datastore:
        """Register a file system of Data Lake Storage Gen2.

        It is reached as the service principal of ``tenant_id``, ``client_id`` and ``client_secret``, without
        them as who is logged in to Azure. ``resource_url``, ``authority_url``, ``subscription_id``,
        ``resource_group`` and ``grant_workspace_access`` are recorded.

        Raises:
            InvalidNameError, InvalidArgumentError: a name or setting that cannot be.
            AlreadyExistsError: another has the name.
        """
        settings = {
            "account_name": account_name,
            "filesystem": filesystem,
            "tenant_id": tenant_id,
            "client_id": client_id,
            "resource_url": resource_url,
            "authority_url": authority_url,
            "protocol": protocol,
            "endpoint": endpoint,
            "subscription_id": subscription_id,
            "resource_group": resource_group,
            "grant_workspace_access": grant_workspace_access or None,
        }
        secrets = {"client_secret": client_secret}
        kind = "azure_data_lake_gen2"
        made: AzureDataLakeGen2Datastore = registered(
            workspace, datastore_name, kind, settings, secrets, overwrite
        )
        return made

    @staticmethod
    def register_dbfs(workspace: Workspace, datastore_name: str) -> DBFSDatastore:
        """Register the file system of Databricks, as a cluster has it at ``/dbfs``.

        Raises:
            InvalidNameError: the name breaks its rule.
            AlreadyExistsError: another has the name.
        """
        made: DBFSDatastore = registered(workspace, datastore_name, "dbfs", {}, {}, overwrite=False)
        return made

    @staticmethod
    def register_hdfs(
        workspace: Workspace,
        datastore_name: str,
        protocol: str,
        namenode_address: str,
        hdfs_server_certificate: str | None,
        kerberos_realm: str,
        kerberos_kdc_address: str,
        kerberos_principal: str,
        kerberos_keytab: str | None = None,
        kerberos_password: str | None = None,
        overwrite: bool = False,
    ) -> HDFSDatastore:
        """Record a Hadoop cluster behind Kerberos: reading from it says how to reach it otherwise.

        Raises:
            InvalidNameError, InvalidArgumentError: a name or setting that cannot be.
            AlreadyExistsError: another has the name.
        """
        settings = {
            "protocol": protocol,
            "namenode_address": namenode_address,
            "hdfs_server_certificate": hdfs_server_certificate,
            "kerberos_realm": kerberos_realm,
            "kerberos_kdc_address": kerberos_kdc_address,
            "kerberos_principal": kerberos_principal,
        }
        secrets = {"kerberos_keytab": kerberos_keytab, "kerberos_password": kerberos_password}
        made: HDFSDatastore = registered(
            workspace, datastore_name, "hdfs", settings, secrets, overwrite
        )
        return made

    @staticmethod
    def register_url(
        workspace: Workspace,
        datastore_name: str,
        url: str | os.PathLike[str],
        storage_options: dict[str, Any] | None = None,
        description: str | None = None,
        overwrite: bool = False,
    ) -> UrlDatastore:
        """Register any URL that fsspec knows, or a local folder; beyond what Azure has.

        Args:
            workspace: where it gets its name.
            datastore_name: the name.
            url: such as ``s3://bucket/folder``, ``gs://…``, ``sftp://host/folder``, ``https://…``, or a folder.
            storage_options: what its file system is opened with, as fsspec names it. Passwords, keys and
                tokens among them, and a password in the URL, are kept as credentials.
            description: a text.
            overwrite: replace another datastore of that name.

        Raises:
            InvalidNameError, InvalidArgumentError: a name, URL or option that cannot be.
            AlreadyExistsError: another has the name.
        """
        settings = {"url": url, "storage_options": storage_options}
        made: UrlDatastore = registered(
            workspace, datastore_name, "url", settings, {}, overwrite, description or ""
        )
        return made
