"""Register datastores, and get them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from aml_magics.errors import InvalidArgumentError
from aml_magics.kinds.datastores._base import DATASTORES, FileDatastore
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
from aml_magics.sdk.data.store.file_datastore import (
    AzureBlobDatastore,
    AzureDataLakeDatastore,
    AzureDataLakeGen2Datastore,
    AzureFileDatastore,
    DBFSDatastore,
    HDFSDatastore,
    UrlDatastore,
)
from aml_magics.sdk.data.store.sql_datastore import (
    AzureMySqlDatastore,
    AzurePostgreSqlDatastore,
    AzureSqlDatabaseDatastore,
)
from aml_magics.sdk.workspace.collection import Collection
from aml_magics.sdk.workspace.workspace import store_of
from aml_magics.services.data.store import datastore as datastores
from aml_magics.services.data.store.location import make_container

if TYPE_CHECKING:
    import os

    from aml_magics.records.data.datastore import DatastoreRecord
    from aml_magics.sdk.workspace.workspace import Workspace

D = TypeVar("D", bound=AbstractDatastore)

_CLASSES: Final[dict[str, type[AbstractDatastore]]] = {
    "workspace_blob": AzureBlobDatastore,
    "workspace_file": AzureFileDatastore,
    "azure_blob": AzureBlobDatastore,
    "azure_file_share": AzureFileDatastore,
    "azure_data_lake": AzureDataLakeDatastore,
    "azure_data_lake_gen2": AzureDataLakeGen2Datastore,
    "azure_sql_database": AzureSqlDatabaseDatastore,
    "azure_postgre_sql": AzurePostgreSqlDatastore,
    "azure_my_sql": AzureMySqlDatastore,
    "dbfs": DBFSDatastore,
    "hdfs": HDFSDatastore,
    "url": UrlDatastore,
}
_NOT_KEPT: Final = ("workspace", "datastore_name", "overwrite", "description", "create_if_not_exists", "skip_validation")  # fmt: skip


class Datastore(AbstractDatastore):
    """``Datastore(workspace, name)`` is the datastore of that name, the default one without a name.

    ``register_…`` records where data is and how to reach it; nothing is contacted. Credentials go to a
    private file of this user on this machine. The same datastore may be registered again; another
    one under its name needs ``overwrite=True``, else it raises AlreadyExistsError. A bad name raises
    InvalidNameError, a bad setting InvalidArgumentError.
    """

    def __new__(  # type: ignore[misc]  # noqa: D102 -- that of the class
        cls, workspace: Workspace, name: str | None = None
    ) -> AbstractDatastore:
        return cls.get_default(workspace) if name is None else cls.get(workspace, name)

    @staticmethod
    def get(workspace: Workspace, datastore_name: str) -> AbstractDatastore:
        """Get a datastore by name.

        Raises:
            DatastoreNotFoundError: no such datastore; the message suggests the nearest name.
        """
        store = store_of(workspace, "Datastore.get(workspace, datastore_name)")
        return of_record(workspace, datastores.get(store, datastore_name))

    @staticmethod
    def get_default(workspace: Workspace) -> AbstractDatastore:
        """The default datastore."""
        store = store_of(workspace, "Datastore.get_default(workspace)")
        return of_record(workspace, datastores.default(store))

    # -- files --------------------------------------------------------------------------------

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
        """Register a container of Azure Blob Storage, or of an emulator.

        Args:
            account_name: the account, without the rest of its address.
            sas_token: a shared access signature; preferred to the key.
            account_key: the account's key. With neither, the user that is logged in to Azure is used.
            protocol: ``https``, or ``http``.
            endpoint: the end of the account's address, ``core.windows.net`` if None; for an emulator
                ``host:port`` or a URL.
            overwrite: replace another datastore of that name.
            create_if_not_exists: create the container, which contacts the account.
            skip_validation: accepted; nothing is validated before it is used.
            blob_cache_timeout: recorded, in seconds, as are the arguments after it.

        Raises:
            DataAccessError, DependencyError: the container cannot be created.
        """
        made = _register(AzureBlobDatastore, "azure_blob", locals())
        if create_if_not_exists:
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
        """Register a share of Azure Files. It is accessed by SMB, which needs the account's key.

        The arguments are those of :meth:`register_azure_blob_container`.
        """
        if create_if_not_exists:
            raise InvalidArgumentError(
                "create_if_not_exists makes no file share here, for SMB cannot; make it in Azure's portal, and leave this out."
            )
        return _register(AzureFileDatastore, "azure_file_share", locals())

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
        """Record a Data Lake Storage Gen1; reading is refused, since Azure retired the service."""
        return _register(AzureDataLakeDatastore, "azure_data_lake", locals())

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

        It is reached as the service principal of ``tenant_id``, ``client_id`` and ``client_secret``, or
        without them as the user that is logged in to Azure. ``resource_url``, ``authority_url``, ``subscription_id``,
        ``resource_group`` and ``grant_workspace_access`` are recorded.
        """
        return _register(AzureDataLakeGen2Datastore, "azure_data_lake_gen2", locals())

    @staticmethod
    def register_dbfs(workspace: Workspace, datastore_name: str) -> DBFSDatastore:
        """Register the file system of Databricks, which a cluster mounts at ``/dbfs``."""
        return _register(DBFSDatastore, "dbfs", locals())

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
        """Record a Hadoop cluster; reading is refused, and the error suggests a URL datastore."""
        return _register(HDFSDatastore, "hdfs", locals())

    @staticmethod
    def register_url(
        workspace: Workspace,
        datastore_name: str,
        url: str | os.PathLike[str],
        storage_options: dict[str, Any] | None = None,
        description: str | None = None,
        overwrite: bool = False,
    ) -> UrlDatastore:
        """Register any URL that fsspec knows, or a local folder; not in Azure's SDK.

        Args:
            url: such as ``s3://bucket/folder``, ``gs://…``, ``sftp://host/folder``, ``https://…``, or a folder.
            storage_options: fsspec's options for its file system. Passwords, keys and tokens among them,
                and a password in the URL, are kept as credentials.
            overwrite: replace another datastore of that name.
        """
        return _register(UrlDatastore, "url", locals())

    # -- databases ----------------------------------------------------------------------------

    @staticmethod
    def register_azure_sql_database(
        workspace: Workspace,
        datastore_name: str,
        server_name: str,
        database_name: str,
        tenant_id: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        resource_url: str | None = None,
        authority_url: str | None = None,
        endpoint: str | None = None,
        overwrite: bool = False,
        username: str | None = None,
        password: str | None = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        grant_workspace_access: bool = False,
    ) -> AzureSqlDatabaseDatastore:
        """Register a database of Azure SQL, or of any SQL Server.

        It is reached with ``username`` and ``password``; a service principal is recorded only.
        ``server_name`` is a full name, or Azure's without the ending that ``endpoint`` gives.
        """
        return _register(AzureSqlDatabaseDatastore, "azure_sql_database", locals())

    @staticmethod
    def register_azure_postgre_sql(
        workspace: Workspace,
        datastore_name: str,
        server_name: str,
        database_name: str,
        user_id: str,
        user_password: str | None,
        port_number: str | int | None = None,
        endpoint: str | None = None,
        overwrite: bool = False,
        enforce_ssl: bool = True,
    ) -> AzurePostgreSqlDatastore:
        """Register a database of Azure Database for PostgreSQL, or of any PostgreSQL.

        ``server_name`` is a full name, or Azure's without the ending that ``endpoint`` gives.
        """
        return _register(AzurePostgreSqlDatastore, "azure_postgre_sql", locals())

    @staticmethod
    def register_azure_my_sql(
        workspace: Workspace,
        datastore_name: str,
        server_name: str,
        database_name: str,
        user_id: str,
        user_password: str | None,
        port_number: str | int | None = None,
        endpoint: str | None = None,
        overwrite: bool = False,
    ) -> AzureMySqlDatastore:
        """Register a database of Azure Database for MySQL, or of any MySQL.

        ``server_name`` is a full name, or Azure's without the ending that ``endpoint`` gives.
        """
        return _register(AzureMySqlDatastore, "azure_my_sql", locals())


class Datastores(Collection[AbstractDatastore]):
    """The datastores of a workspace: the built-in ones, then the registered."""

    def __getitem__(self, name: str) -> AbstractDatastore:
        return Datastore.get(self._workspace, name)

    def _drawn(self) -> dict[str, Any]:
        from aml_magics.views.data.datasets import datasets_view
        from aml_magics.views.data.static_datasets import datastores_page

        return {"text/html": datastores_page(datasets_view(self._workspace.store)).html}

    def _names(self) -> list[str]:
        return [record.name for record in datastores.list_datastores(self._workspace.store)]


def of_record(workspace: Workspace, record: DatastoreRecord) -> AbstractDatastore:
    """The handle of a datastore; a kind from another package acts like a URL or a database."""
    found = _CLASSES.get(record.kind)
    if found is None:
        has_files = issubclass(DATASTORES.load(record.kind), FileDatastore)
        found = UrlDatastore if has_files else AbstractDatastore
    return found(workspace, record)


def _register(handle: type[D], kind: str, given: dict[str, Any]) -> D:
    """Register a datastore from the arguments of a ``register_…`` method."""
    # Azure's arguments are named as the settings of our kinds, so the caller passes its locals().
    # None means "not given"; the service drops it.
    workspace = given["workspace"]
    store = store_of(workspace, "Datastore.register_…(workspace, datastore_name)")
    secret = DATASTORES.load(kind).credentials
    settings = {name: value for name, value in given.items() if name not in (*_NOT_KEPT, *secret)}
    if not settings.get("grant_workspace_access"):
        settings.pop("grant_workspace_access", None)
    record = datastores.register(
        store,
        given["datastore_name"],
        kind,
        settings,
        {name: given.get(name) for name in secret},
        description=given.get("description") or "",
        overwrite=given.get("overwrite", False),
    )
    return handle(workspace, record)
