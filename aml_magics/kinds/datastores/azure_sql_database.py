"""A database of Azure SQL, or of any SQL Server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import DataAccessError
from aml_magics.kinds.datastores._azure import NOTES
from aml_magics.kinds.datastores._base import SqlDatastore
from aml_magics.kinds.datastores._sql import host, port

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa


class AzureSqlDatabase(SqlDatastore):
    """Authenticates with a user and a password; a service principal is stored but has no driver here."""

    type = "AzureSqlDatabase"
    required = ("server_name", "database_name")
    optional = (
        "username",
        "tenant_id",
        "client_id",
        "resource_url",
        "authority_url",
        "endpoint",
        *NOTES,
    )
    credentials = ("password", "client_secret")

    def url(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> sa.URL:
        """A pymssql URL; DataAccessError without a user and a password."""
        import sqlalchemy as sa

        server = host(settings, "database.windows.net")
        user, password = settings.get("username"), credentials.get("password")
        if not user or not password:
            raise DataAccessError(
                f"The database {str(settings['database_name'])[:60]!r} is reached with a user and a password, and "
                "there are none for it on this machine: register it again with username and password. "
                "Service principals are recorded only."
            )
        return sa.URL.create(
            "mssql+pymssql",
            username=str(user),
            password=str(password),
            host=server,
            port=port(settings, 1433),
            database=str(settings["database_name"]),
            query={"login_timeout": "10"},
        )
