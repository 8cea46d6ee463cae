from __future__ import annotations

import pytest

from aml_magics.errors import DataAccessError, InvalidArgumentError
from aml_magics.kinds.datastores.azure_my_sql import AzureMySql
from aml_magics.kinds.datastores.azure_postgre_sql import AzurePostgreSql
from aml_magics.kinds.datastores.azure_sql_database import AzureSqlDatabase

USER = {"server_name": "server", "database_name": "db", "user_id": "user"}


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({}, "server.postgres.database.azure.com"),
        (
            {"endpoint": "postgres.database.chinacloudapi.cn"},
            "server.postgres.database.chinacloudapi.cn",
        ),
        ({"server_name": "db.example.org"}, "db.example.org"),
        ({"server_name": "localhost"}, "localhost"),
        ({"server_name": "127.0.0.1", "endpoint": "x.y"}, "127.0.0.1"),
    ],
)
def test_a_server_is_azures_or_any(settings, host):
    assert AzurePostgreSql().url({**USER, **settings}, {}).host == host


@pytest.mark.parametrize("port", [5433, "5433"])
def test_a_port_is_a_number_or_its_text(port):
    assert AzurePostgreSql().url({**USER, "port_number": port}, {}).port == 5433


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"server_name": "tcp://server"}, "server_name is the name of a server"),
        ({"server_name": "user:pw@server"}, "without a protocol, user or path"),
        ({"port_number": "http"}, "port_number is a number from 1 to 65535, not 'http'"),
        ({"port_number": 70000}, "not '70000'"),
        ({"port_number": -1}, "not '-1'"),
    ],
)
def test_settings_that_lead_nowhere_are_refused(settings, message):
    with pytest.raises(InvalidArgumentError, match=message):
        AzurePostgreSql().url({**USER, **settings}, {})


def test_marks_in_a_user_a_password_and_a_name_stay_in_their_place():
    settings = {**USER, "user_id": "a@b:c", "database_name": "d/e?f"}
    found = AzurePostgreSql().url(settings, {"user_password": "p@ss/w:rd?"})

    assert (found.username, found.password, found.database) == ("a@b:c", "p@ss/w:rd?", "d/e?f")
    assert found.host == "server.postgres.database.azure.com"
    assert "p%40ss" not in str(found)


def test_encryption_can_be_left_out_where_there_is_none():
    assert "sslmode" not in AzurePostgreSql().url({**USER, "enforce_ssl": False}, {}).query
    elsewhere = AzureMySql().url({**USER, "server_name": "127.0.0.1"}, {})
    assert "ssl_check_hostname" not in elsewhere.query


def test_a_service_principal_does_not_open_sql_server():
    settings = {"server_name": "s", "database_name": "db", "client_id": "c", "tenant_id": "t"}
    with pytest.raises(DataAccessError, match="'db' is reached with a user and a password"):
        AzureSqlDatabase().url(settings, {"client_secret": "x"})
