from __future__ import annotations

from pathlib import Path

import pytest

from aml_magics.errors import InvalidArgumentError
from aml_magics.kinds.datastores.url import Url


def test_secrets_among_the_options_are_moved():
    options = {
        "key": "k",
        "secret": "s",
        "token": "t",
        "account_key": "a",
        "sas_token": "b",
        "connection_string": "c",
        "password": "p",
        "headers": {"Authorization": "Bearer x"},
        "client_kwargs": {"aws_secret_access_key": "y"},
        "anything": {"password": "z"},
        "endpoint_url": "http://127.0.0.1:9",
        "anon": False,
    }
    settings, credentials = Url().split_secrets({"url": "s3://b/f", "storage_options": options}, {})

    assert settings == {
        "url": "s3://b/f",
        "storage_options": {"endpoint_url": "http://127.0.0.1:9", "anon": False},
    }
    assert set(credentials) == {"secret_options"}
    address = Url().address(settings, credentials)
    assert {name: address.options[name] for name in options} == options


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sftp://user:hush@host/folder", "sftp://user@host/folder"),
        ("ftp://user:hu:sh@host:21/folder", "ftp://user@host:21/folder"),
        ("sftp://user:h@ush@host/folder", "sftp://user@host/folder"),
        ("https://user:hush@host/folder", "https://host/folder"),
        ("https://hush-token@host/folder", "https://host/folder"),
    ],
)
def test_a_password_in_a_url_is_moved(url, shown):
    settings, credentials = Url().split_secrets({"url": url}, {})

    assert settings == {"url": shown}
    assert credentials == {"secret_url": url}


def test_a_url_without_a_secret_is_kept_as_it_is():
    url = "s3://bucket/a:b@c"
    assert Url().split_secrets({"url": url, "storage_options": {}}, {}) == ({"url": url}, {})


def test_a_folder_is_kept_by_its_whole_path(tmp_path: Path):
    (tmp_path / "data").mkdir()
    for given in ("data", Path("data"), "./x/../data", tmp_path / "data"):
        assert Url().split_secrets({"url": given}, {})[0] == {"url": str(tmp_path / "data")}


@pytest.mark.parametrize(
    "url", ["s3://arn:aws:s3:eu:1:accesspoint/a", "sftp://h:22/a@b", "s3://b/a@b:c"]
)
def test_other_marks_in_a_url_are_no_password(url):
    assert Url().split_secrets({"url": url}, {}) == ({"url": url}, {})


@pytest.mark.parametrize(
    ("scheme", "extra"),
    [
        ("s3", "s3"),
        ("gs", "gcs"),
        ("sftp", "sftp"),
        ("https", "http"),
        ("az", "azure"),
        ("memory", ""),
    ],
)
def test_the_extra_of_a_scheme_is_known(scheme, extra):
    assert Url().address({"url": f"{scheme}://b"}, {}).extra == extra


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (None, "url is a text"),
        ("  ", "url is a text"),
        ("a\0b", "url is a text"),
        (7, "url is a text"),
        ("simplecache::s3://b", "what stands before '::'"),
        ("https://host/f?sig=hush", "has no '\\?' and no '#'"),
        ("sftp://user:hu/sh@host/f", "write that as %2F"),
        ("s3://b/f?sig=hush", "a credential in its query"),
        ("abfs://c/f?a=b&access_token=hush", "a credential in its query"),
        ("https://host/f#x", "that of a folder"),
    ],
)
def test_what_is_no_root_is_refused(url, message):
    with pytest.raises(InvalidArgumentError, match=message) as caught:
        Url().split_secrets({"url": url}, {})
    assert "hush" not in str(caught.value)


def test_an_unknown_scheme_says_what_is_near():
    with pytest.raises(InvalidArgumentError, match=r"for 's33' URLs\. Did you mean 's3"):
        Url().address({"url": "s33://b"}, {})


def test_options_are_a_dict():
    with pytest.raises(InvalidArgumentError, match=r"storage_options is a dict.*not list"):
        Url().split_secrets({"url": "s3://b", "storage_options": ["key"]}, {})
