"""Any fsspec URL, such as ``s3://``, ``gs://``, ``sftp://`` or ``https://``, or a local folder."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote

from aml_magics._optional import extra_of
from aml_magics.errors import InvalidArgumentError, did_you_mean
from aml_magics.kinds.datastores._base import Address, FileDatastore

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIMEOUTS: Final[dict[str, dict[str, Any]]] = {
    "s3": {"config_kwargs": {"connect_timeout": 10, "retries": {"max_attempts": 2}}},
    "sftp": {"timeout": 10},
    "smb": {"timeout": 10, "register_session_retries": 1},
}
"""Request timeouts in seconds, and numbers of retries."""
_SECRET: Final = re.compile(
    r"(?i)^(key|pass|pwd|auth|cert|pkey|json|identity|cookies|headers|client_kwargs|kwargs|session)$|"
    r"(secret|token|password|passwd|passphrase|account_?key|api_?key|access_?key|private_?key|credential|connection_string)"
)
_PASSWORD: Final = re.compile(r"^([a-z][a-z0-9+.-]*://[^/@:]*):[^/]*(?=@)", re.IGNORECASE)
_TORN: Final = re.compile(
    r"^[a-z][a-z0-9+.-]*://[^/@:]*:[^/@]*[^/@0-9][^/@]*/[^@]*@", re.IGNORECASE
)
_TOKEN_FOR_USER: Final = re.compile(r"^(https?://)[^/]+@", re.IGNORECASE)


class Url(FileDatastore):
    """Options with secret-looking names and a password in the URL count as credentials."""

    type = "Url"
    required = ("url",)
    optional = ("storage_options",)
    credentials = ("secret_url", "secret_options")

    def split_secrets(
        self, settings: dict[str, Any], credentials: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Move a password in the URL and secret-looking options to the credentials."""
        options = settings.get("storage_options") or {}
        if not isinstance(options, dict):
            raise InvalidArgumentError(
                f"storage_options is a dict of what the file system takes, not {type(options).__name__}."
            )
        url = _whole(settings.get("url"))
        shown = _TOKEN_FOR_USER.sub(r"\1", _PASSWORD.sub(r"\1", url))
        secret = {name: value for name, value in options.items() if _is_secret(name, value)}
        left = {name: value for name, value in options.items() if name not in secret}
        kept = {**settings, "url": shown, **({"storage_options": left} if left else {})}
        if not left:
            kept.pop("storage_options", None)
        found = {"secret_url": url if url != shown else None, "secret_options": secret or None}
        moved = {name: value for name, value in found.items() if value is not None}
        return kept, {**credentials, **moved}

    def address(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> Address:
        """The URL or folder, with plain and secret options."""
        url = str(credentials.get("secret_url") or settings["url"])
        scheme = url.partition("://")[0].lower() if "://" in url else "file"
        _check_scheme(scheme)
        given = settings.get("storage_options") or {}, credentials.get("secret_options") or {}
        options = {**_TIMEOUTS.get(scheme, {}), **given[0], **given[1]}
        if scheme in {"http", "https"}:
            url, options = _signed_in(url, options)
        return Address(url, options, extra_of(url))


def _signed_in(url: str, options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Turn user and password of a URL into a header, since URLs are shown and logged."""
    scheme, _, rest = url.partition("://")
    user, mark, host = rest.partition("/")[0].rpartition("@")
    if not mark:
        return url, options
    word = b64encode(unquote(user).encode()).decode()
    headers = {"Authorization": f"Basic {word}", **(options.get("headers") or {})}
    return f"{scheme}://{host}{rest[len(user) + 1 + len(host) :]}", {**options, "headers": headers}


def _whole(url: object) -> str:
    """The URL, or the absolute path of a folder."""
    if isinstance(url, os.PathLike):
        url = os.fspath(url)
    if not isinstance(url, str) or not url.strip() or "\0" in url:
        raise InvalidArgumentError(
            "url is a text: a URL such as 's3://bucket/folder', or a folder."
        )
    if "://" not in url:
        return os.path.normpath(Path(url).expanduser().absolute())
    if "::" in url:
        raise InvalidArgumentError("url names one file system; leave out what stands before '::'.")
    if url.startswith(("http://", "https://")) and ("?" in url or "#" in url):
        raise InvalidArgumentError(
            "url is that of a folder, to which the names of files are added, so it has no '?' and no '#'; "
            "a token goes to storage_options, such as {'headers': {'Authorization': 'Bearer …'}}."
        )
    query = [name for name, _ in parse_qsl(url.partition("?")[2])]
    if any(name.lower() == "sig" or _SECRET.search(name) for name in query):
        raise InvalidArgumentError(
            "url has a credential in its query, which is kept where others can read it; give it to storage_options."
        )
    if _TORN.search(url):
        raise InvalidArgumentError(
            "url has a password with '/' in it; write that as %2F, or give the password to storage_options."
        )
    return url


def _check_scheme(scheme: str) -> None:
    from fsspec import available_protocols

    known = available_protocols()
    if scheme not in known:
        raise InvalidArgumentError(
            f"No file system is known for {scheme[:40]!r} URLs.{did_you_mean(scheme, known)} "
            "Others than s3, gs, abfs, sftp, http and file come with their own package of fsspec."
        )


def _is_secret(name: str, value: object) -> bool:
    """By the option's name; nested options are secret as a whole if one may be."""
    return bool(_SECRET.search(str(name))) or (
        isinstance(value, dict) and any(map(_SECRET.search, map(str, value)))
    )
