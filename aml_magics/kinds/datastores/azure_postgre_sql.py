"""A database of Azure Database for PostgreSQL, or of any PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds.datastores._base import SqlDatastore
from aml_magics.kinds.datastores._sql import host, port

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa


class AzurePostgreSql(SqlDatastore):
    """Authenticates with a user and a password."""

    type = "AzurePostgreSql"
    required = ("server_name", "database_name", "user_id")
    optional = ("port_number", "endpoint", "enforce_ssl")
    credentials = ("user_password",)

    def url(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> sa.URL:
        """A psycopg URL, encrypted unless ``enforce_ssl`` is False."""
        import sqlalchemy as sa

        mode = {} if settings.get("enforce_ssl") is False else {"sslmode": "require"}
        return sa.URL.create(
            "postgresql+psycopg",
            username=str(settings["user_id"]),
            password=credentials.get("user_password") or None,
            host=host(settings, "postgres.database.azure.com"),
            port=port(settings, 5432),
            database=str(settings["database_name"]),
            query={"connect_timeout": "10", **mode},
        )
