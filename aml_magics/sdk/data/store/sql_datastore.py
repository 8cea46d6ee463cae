"""Databases as datastores, as Azure ML SDK v1 names them."""

from __future__ import annotations

from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore, ServicePrincipal


class _Database(AbstractDatastore):
    """A server and a database of it."""

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
        """The end of the server's address, where one was given."""
        return self._text("endpoint")


class _UserDatabase(_Database):
    """A database that a user and a password open."""

    @property
    def user_id(self) -> str:
        """The user."""
        return str(self._setting("user_id"))

    @property
    def user_password(self) -> str | None:
        """The password, where one was given on this machine."""
        return self._credential("user_password")

    @property
    def port_number(self) -> str | None:
        """The port, where one was given."""
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
        """The password, where one was given on this machine."""
        return self._credential("password")


class AzurePostgreSqlDatastore(_UserDatabase):
    """A database of Azure Database for PostgreSQL, or of any PostgreSQL."""

    @property
    def enforce_ssl(self) -> bool:
        """Whether only an encrypted connection will do."""
        return bool(self._setting("enforce_ssl", True))


class AzureMySqlDatastore(_UserDatabase):
    """A database of Azure Database for MySQL, or of any MySQL."""
