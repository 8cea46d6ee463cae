from __future__ import annotations

import errno
import ssl
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from aml_magics.errors import DataAccessError, InvalidArgumentError
from aml_magics.services.data.store.failure import explained

SIGNED = "https://a.blob.core.windows.net/c/x.csv?sv=2024&sig=hushHUSH%2Bhush"


class ClientError(Exception):
    """As botocore raises it."""

    def __init__(self, code: str) -> None:
        super().__init__(f"An error occurred ({code})")
        self.response = {"Error": {"Code": code}}


class HttpResponseError(Exception):
    """As azure-core raises it."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__("Server failed")
        self.error_code = SimpleNamespace(value=code)
        self.status_code = status


class ClientConnectorError(ConnectionError):
    """As aiohttp raises it."""

    host, port = "data.example", 444


class ServiceRequestError(Exception):
    """As azure-core raises it."""


class NoCredentialsError(Exception):
    """As botocore raises it."""


def caused(cause: Exception) -> Exception:
    error = RuntimeError("wrapped")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ClientError("InvalidAccessKeyId"), "refuses the credentials; register it again"),
        (ClientError("SignatureDoesNotMatch"), "refuses the credentials"),
        (caused(HttpResponseError("AuthenticationFailed", 403)), "refuses the credentials"),
        (ClientError("AccessDenied"), "does not permit that"),
        (PermissionError(errno.EACCES, "Permission denied", "/d/x"), "does not permit that (/d/x); ask its owner"),
        (HttpResponseError("Other", 403), "does not permit that"),
        (HttpResponseError("ContainerNotFound", 404), "has no such container, bucket or database"),
        (caused(ClientError("NoSuchBucket")), "has no such container, bucket or database"),
        (FileNotFoundError("The specified bucket does not exist"), "has no such container"),
        (FileNotFoundError("c/x.csv"), "has no such file: c/x.csv."),
        (HttpResponseError("BlobNotFound", 404), "has no such file: Server failed."),
        (NoCredentialsError("Unable to locate credentials"), "asks for credentials, and this machine has none"),
        (ClientConnectorError("x"), "does not answer at data.example:444; check the address"),
        (ServiceRequestError("Cannot connect to host 127.0.0.1:9 ssl:default"), "does not answer at 127.0.0.1:9"),
        (ValueError("Failed to connect to 'h.x:445': [Errno 111] Connection refused"), "does not answer at h.x:445"),
        (HttpResponseError("BlobAlreadyExists", 409), "was written by others in this moment"),
        (caused(ssl.SSLCertVerificationError("self-signed")), "has a certificate that this machine does not trust"),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "/d/x"), "failed: Is a directory (/d/x)."),
        (TimeoutError(), "does not answer; check the address"),
        (ConnectionRefusedError("http://user:hushHUSH@h:81/x"), "does not answer at h:81"),
        (OSError(errno.ENOSPC, "No space left"), "has no room left"),
        (OSError(errno.EROFS, "Read-only"), "is read-only"),
        (OSError(errno.EIO, "Input/output error", "/d/x"), "failed: Input/output error (/d/x)."),
        (ValueError("odd\nsecond line"), "failed: odd."),
        (ValueError(), "failed: ValueError."),
    ],
)  # fmt: skip
def test_an_error_is_told_in_words(error, words):
    found = explained(error, "store")

    assert isinstance(found, DataAccessError)
    assert str(found).startswith("Datastore 'store' ")
    assert words in str(found)


@pytest.mark.parametrize(
    "text",
    [
        f"cannot read {SIGNED}",
        "AccountName=a;AccountKey=hushHUSH;x",
        "account_key='hushHUSH'",
        "sftp://user:hushHUSH@host refused",
        "bad key hushHUSHhushHUSHhushHUSHhushHUSHhushHUSHhushHUSH==",
        "my own hushHUSH",
    ],
)
def test_no_credential_is_shown(text):
    for error in (ValueError(text), FileNotFoundError(text), OSError(text)):
        assert "hush" not in str(explained(error, "store", ["hushHUSH"]))


def test_a_long_text_is_cut():
    assert len(str(explained(ValueError("x" * 5000), "store"))) < 400


def test_what_is_explained_already_stays_so():
    known = DataAccessError("known")

    assert explained(known, "store") is known
    assert str(explained(InvalidArgumentError("rule"), "store")) == "rule"


def test_errors_that_cause_each_other_end():
    first, second = ValueError("one"), ValueError("two")
    first.__cause__, second.__cause__ = second, first

    assert "one" in str(explained(first, "store"))


def test_databases_are_told_in_words(postgres_server: Any) -> None:
    url = sa.make_url(postgres_server.create_database())
    closed = url.set(port=1)
    for wrong, words in (
        (closed, "does not answer at 127.0.0.1:1"),
        (url.set(database="none"), "has no such container, bucket or database"),
        (url.set(username="nobody", password="hushHUSH"), "refuses the credentials"),
    ):
        with pytest.raises(sa.exc.OperationalError) as caught:
            sa.create_engine(wrong, poolclass=sa.NullPool).connect()
        found = str(explained(caught.value, "store"))
        assert words in found
        assert "hush" not in found
