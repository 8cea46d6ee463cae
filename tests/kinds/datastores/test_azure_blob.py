from __future__ import annotations

import pytest

from aml_magics.errors import DataAccessError, InvalidArgumentError
from aml_magics.kinds.datastores.azure_blob import AzureBlob
from aml_magics.kinds.datastores.azure_data_lake_gen2 import AzureDataLakeGen2
from aml_magics.kinds.datastores.azure_file_share import AzureFileShare

BLOB = {"account_name": "account", "container_name": "container"}
LAKE = {"account_name": "account", "filesystem": "files"}


@pytest.mark.parametrize(
    ("settings", "service"),
    [
        ({}, "https://account.blob.core.windows.net"),
        ({"protocol": "http"}, "http://account.blob.core.windows.net"),
        ({"endpoint": "core.chinacloudapi.cn"}, "https://account.blob.core.chinacloudapi.cn"),
        ({"endpoint": "127.0.0.1:10000", "protocol": "http"}, "http://127.0.0.1:10000/account"),
        ({"endpoint": "localhost", "protocol": "http://"}, "http://localhost/account"),
        ({"endpoint": "http://azurite:1/"}, "http://azurite:1/account"),
        ({"endpoint": "http://azurite:1/other"}, "http://azurite:1/other"),
    ],
)
def test_the_endpoint_is_azures_or_an_emulators(settings, service):
    found = AzureBlob().address({**BLOB, **settings}, {"account_key": "a2V5"})

    assert found.options["connection_string"] == (
        f"BlobEndpoint={service};AccountName=account;AccountKey=a2V5"
    )


def test_a_key_goes_before_a_token_and_a_token_is_given_without_its_question_mark():
    both = AzureBlob().address(BLOB, {"account_key": "a2V5", "sas_token": "?sv=1&sig=x"})
    token = AzureBlob().address(BLOB, {"sas_token": "?sv=1&sig=x"})

    assert both.options["connection_string"].endswith(";AccountKey=a2V5")
    assert token.options["connection_string"].endswith(";SharedAccessSignature=sv=1&sig=x")


def test_without_a_credential_azures_own_login_is_used():
    found = AzureBlob().address(BLOB, {})

    assert found.options == {
        "account_name": "account",
        "account_host": "account.blob.core.windows.net",
        "assume_container_exists": True,
    }
    with pytest.raises(InvalidArgumentError, match="over https alone"):
        AzureBlob().address({**BLOB, "protocol": "http"}, {})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"account_name": "My_Account"}, "account_name is 3 to 24 small letters"),
        ({"account_name": "x.blob.core.windows.net"}, "without the rest of the address"),
        ({"account_name": "evil.example/"}, "account_name is 3 to 24"),
        ({"container_name": "../x"}, "container_name is 3 to 63 small letters"),
        ({"container_name": "a--b"}, "single dashes, not 'a--b'"),
        ({"protocol": "ftp"}, "protocol is 'https' or 'http', not 'ftp'"),
        ({"endpoint": "ftp://host"}, "endpoint is the end of an address"),
        ({"endpoint": "https://user:pw@host"}, "neither a user nor a query"),
        ({"endpoint": "https://host/?sig=x"}, "neither a user nor a query"),
        ({"endpoint": "a b"}, "host:port or a URL, not 'a b'"),
    ],
)
def test_settings_that_lead_nowhere_are_refused(settings, message):
    with pytest.raises(InvalidArgumentError, match=message) as caught:
        AzureBlob().address({**BLOB, **settings}, {"account_key": "a2V5"})
    assert ":pw" not in str(caught.value)


def test_a_key_that_would_change_the_connection_is_refused_and_not_shown():
    with pytest.raises(InvalidArgumentError, match="account_key is one text without ';'") as caught:
        AzureBlob().address(BLOB, {"account_key": "hush;BlobEndpoint=http://evil"})
    assert "hush" not in str(caught.value)


def test_a_share_is_reached_with_the_key_alone():
    share = {"account_name": "account", "file_share_name": "share"}
    found = AzureFileShare().address(share, {"account_key": "a2V5"})

    assert found.options["username"] == "account"
    assert found.options["password"] == "a2V5"
    assert found.options["encrypt"] is True
    with pytest.raises(DataAccessError, match=r"knows no SAS token.*register_url.*/mnt/share"):
        AzureFileShare().address(share, {"sas_token": "?sig=x"})


def test_a_service_principal_has_three_parts():
    found = AzureDataLakeGen2().address(
        {**LAKE, "tenant_id": "t", "client_id": "c"}, {"client_secret": "s"}
    )

    assert found.options["client_secret"] == "s"
    assert "client_id" not in AzureDataLakeGen2().address(LAKE, {}).options
    with pytest.raises(InvalidArgumentError, match="tenant_id and client_secret is missing"):
        AzureDataLakeGen2().address({**LAKE, "client_id": "c"}, {})
    with pytest.raises(InvalidArgumentError, match="reached by https alone"):
        AzureDataLakeGen2().address({**LAKE, "protocol": "http"}, {})
