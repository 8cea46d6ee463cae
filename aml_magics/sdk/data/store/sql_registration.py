"""How databases are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.sdk.data.store.handle import registered

if TYPE_CHECKING:
    from aml_magics.sdk.data.store.sql_datastore import (
        AzureMySqlDatastore,
        AzurePostgreSqlDatastore,
        AzureSqlDatabaseDatastore,
    )
    from aml_magics.sdk.workspace.workspace import Workspace


class SqlRegistration:
    """Part of ``Datastore``."""

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

        Raises:
            InvalidNameError, InvalidArgumentError: a name or setting that cannot be.
            AlreadyExistsError: another has the name.
        """
        settings = {
            "server_name": server_name,
            "database_name": database_name,
            "tenant_id": tenant_id,
            "client_id": client_id,
            "resource_url": resource_url,
            "authority_url": authority_url,
            "endpoint": endpoint,
            "username": username,
            "subscription_id": subscription_id,
            "resource_group": resource_group,
            "grant_workspace_access": grant_workspace_access or None,
        }
        secrets = {"password": password, "client_secret": client_secret}
        kind = "azure_sql_database"
        made: AzureSqlDatabaseDatastore = registered(
            workspace, datastore_name, kind, settings, secrets, overwrite
        )
        return made

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

        Raises:
            InvalidNameError, InvalidArgumentError: a name or setting that cannot be.
            AlreadyExistsError: another has the name.
        """
        settings = {
            "server_name": server_name,
            "database_name": database_name,
            "user_id": user_id,
            "port_number": port_number,
            "endpoint": endpoint,
            "enforce_ssl": bool(enforce_ssl),
        }
        secrets = {"user_password": user_password}
        made: AzurePostgreSqlDatastore = registered(
            workspace, datastore_name, "azure_postgre_sql", settings, secrets, overwrite
        )
        return made

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

        Raises:
            InvalidNameError, InvalidArgumentError: a name or setting that cannot be.
            AlreadyExistsError: another has the name.
        """
        settings = {
            "server_name": server_name,
            "database_name": database_name,
            "user_id": user_id,
            "port_number": port_number,
            "endpoint": endpoint,
        }
        secrets = {"user_password": user_password}
        made: AzureMySqlDatastore = registered(
            workspace, datastore_name, "azure_my_sql", settings, secrets, overwrite
        )
        return made
