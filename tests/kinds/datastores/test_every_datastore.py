"""What every kind of datastore keeps to."""

from __future__ import annotations

from typing import Any

import pytest

from aml_magics.errors import DataAccessError, InvalidArgumentError
from aml_magics.kinds.datastores._base import DATASTORES, Address, FileDatastore, SqlDatastore

HUSH = "hush-hush-4711"
SETTINGS: dict[str, dict[str, Any]] = {
    "azure_blob": {"account_name": "account", "container_name": "container"},
    "azure_data_lake": {"store_name": "store"},
    "azure_data_lake_gen2": {
        "account_name": "account",
        "filesystem": "files",
        "tenant_id": "t",
        "client_id": "c",
    },
    "azure_file_share": {"account_name": "account", "file_share_name": "share"},
    "azure_my_sql": {"server_name": "server", "database_name": "db", "user_id": "user"},
    "azure_postgre_sql": {"server_name": "server", "database_name": "db", "user_id": "user"},
    "azure_sql_database": {"server_name": "server", "database_name": "db", "username": "user"},
    "dbfs": {},
    "hdfs": {"protocol": "https", "namenode_address": "node:9870"},
    "url": {"url": "memory://folder"},
    "workspace_blob": {"url": "/folder"},
    "workspace_file": {"url": "/folder"},
}
ADDRESSES = {
    "azure_blob": "abfs://container",
    "azure_data_lake": "",
    "azure_data_lake_gen2": "abfs://files",
    "azure_file_share": "smb://account.file.core.windows.net/share",
    "azure_my_sql": "mysql+pymysql://user:***@server.mysql.database.azure.com:3306/db"
    "?charset=utf8mb4&connect_timeout=10&ssl_check_hostname=true",
    "azure_postgre_sql": "postgresql+psycopg://user:***@server.postgres.database.azure.com:5432/db"
    "?connect_timeout=10&sslmode=require",
    "azure_sql_database": "mssql+pymssql://user:***@server.database.windows.net:1433/db?login_timeout=10",
    "dbfs": "/dbfs",
    "hdfs": "",
    "url": "memory://folder",
    "workspace_blob": "/folder",
    "workspace_file": "/folder",
}
every = pytest.mark.parametrize("name", DATASTORES.names())


def secrets(name: str) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(DATASTORES.load(name).credentials, HUSH)
    if name == "url":
        return {"secret_options": {"token": HUSH}, "secret_url": "memory://folder"}
    return found


def where(name: str, credentials: dict[str, Any]) -> Any:
    kind = DATASTORES.load(name)()
    if isinstance(kind, FileDatastore):
        return kind.address(SETTINGS[name], credentials)
    assert isinstance(kind, SqlDatastore)
    return kind.url(SETTINGS[name], credentials)


def test_this_suite_knows_every_kind() -> None:
    assert DATASTORES.names() == sorted(SETTINGS) == sorted(ADDRESSES)


@every
def test_a_setting_is_of_one_sort(name: str) -> None:
    kind = DATASTORES.load(name)
    names = [*kind.required, *kind.optional, *kind.credentials]

    assert len(names) == len(set(names))
    assert all(one.isidentifier() for one in names)
    assert kind.type
    assert kind.__doc__


@every
def test_the_settings_lead_to_an_address_or_it_is_said_why_not(name: str) -> None:
    if not ADDRESSES[name]:
        with pytest.raises(DataAccessError, match=r"retired|recorded only"):
            where(name, secrets(name))
        return
    found = where(name, secrets(name))

    assert (found.url if isinstance(found, Address) else str(found)) == ADDRESSES[name]


@every
def test_no_credential_is_shown(name: str) -> None:
    try:
        shown = repr(where(name, secrets(name)))
    except DataAccessError as error:
        shown = str(error)

    assert HUSH not in shown


@every
def test_without_credentials_there_is_an_address_or_a_remedy(name: str) -> None:
    try:
        shown = str(where(name, {}))
    except (DataAccessError, InvalidArgumentError) as error:
        shown = f"://{error}" if "egister" in str(error) else ""

    assert "/" in shown


@every
def test_settings_of_its_own_are_left_as_they_are(name: str) -> None:
    kind = DATASTORES.load(name)()

    assert kind.split_secrets(dict(SETTINGS[name]), {}) == (SETTINGS[name], {})
