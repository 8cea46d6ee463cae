"""The handle of a datastore by its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
from aml_magics.sdk.workspace.argument import store_of
from aml_magics.services.data.store import datastore as datastores

if TYPE_CHECKING:
    from aml_magics.records.datastore import DatastoreRecord
    from aml_magics.sdk.workspace.workspace import Workspace

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


def of_record(workspace: Workspace, record: DatastoreRecord) -> AbstractDatastore:
    """The handle of a datastore; one of a kind that a package added is used like a URL or a database."""
    found = _CLASSES.get(record.kind)
    if found is None:
        from aml_magics.kinds.datastores._base import DATASTORES, FileDatastore

        has_files = issubclass(DATASTORES.load(record.kind), FileDatastore)
        found = UrlDatastore if has_files else AbstractDatastore
    return found(workspace, record)


def registered(
    workspace: Workspace,
    name: str,
    kind: str,
    settings: dict[str, Any],
    secrets: dict[str, Any],
    overwrite: bool,
    description: str = "",
) -> Any:  # noqa: ANN401 -- a class by the kind
    """Register a datastore, and its handle; errors are those of :func:`services.datastore.register`."""
    store = store_of(workspace, "Datastore.register_…(workspace, datastore_name)")
    record = datastores.register(
        store, name, kind, settings, secrets, description=description, overwrite=overwrite
    )
    return of_record(workspace, record)
