"""Databases as datastores."""

from __future__ import annotations

from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore, ServicePrincipal


class _Database(AbstractDatastore):
    """A server and one of its databases."""

    @property
    def server_name(self) -> str:
        """The server."""
        return str(self._setting("server_name"))

    @property
    def database_name(self) -> str:
        """The database."""
        return str(self._setting("database_name"))

    @property
    def endpoint(self) -> str | None:
        """The end of the server's address, if it was given."""
        return self._text("endpoint")


class _UserDatabase(_Database):
    """A database with a user and a password."""

    @property
    def user_id(self) -> str:
        """The user."""
        return str(self._setting("user_id"))

    @property
    def user_password(self) -> str | None:
        """The password, if it was given on this machine."""
        return self._credential("user_password")

    @property
    def port_number(self) -> str | None:
        """The port, if it was given."""
        found = self._setting("port_number")
        return None if found is None else str(found)


class AzureSqlDatabaseDatastore(_Database, ServicePrincipal):
    """A database of Azure SQL, or of any SQL Server."""

    @property
    def username(self) -> str | None:
        """The user."""
        return self._text("username")

    @property
    def password(self) -> str | None:
        """The password, if it was given on this machine."""
        return self._credential("password")


class AzurePostgreSqlDatastore(_UserDatabase):
    """A database of Azure Database for PostgreSQL, or of any PostgreSQL."""

    @property
    def enforce_ssl(self) -> bool:
        """Whether the connection must be encrypted."""
        return bool(self._setting("enforce_ssl", True))


class AzureMySqlDatastore(_UserDatabase):
    """A database of Azure Database for MySQL, or of any MySQL."""
