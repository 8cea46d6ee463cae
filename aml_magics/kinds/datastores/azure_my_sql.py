"""A database of Azure Database for MySQL, or of any MySQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.kinds.datastores._base import SqlDatastore
from aml_magics.kinds.datastores._sql import host, port

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

_AZURE: Final = "mysql.database.azure.com"


class AzureMySql(SqlDatastore):
    """Authenticates with a user and a password."""

    type = "AzureMySql"
    required = ("server_name", "database_name", "user_id")
    optional = ("port_number", "endpoint")
    credentials = ("user_password",)

    def url(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> sa.URL:
        """A PyMySQL URL, encrypted on Azure, which requires it."""
        import sqlalchemy as sa

        server = host(settings, _AZURE)
        encrypted = {"ssl_check_hostname": "true"} if server.endswith(_AZURE) else {}
        return sa.URL.create(
            "mysql+pymysql",
            username=str(settings["user_id"]),
            password=credentials.get("user_password") or None,
            host=server,
            port=port(settings, 3306),
            database=str(settings["database_name"]),
            query={"connect_timeout": "10", "charset": "utf8mb4", **encrypted},
        )
