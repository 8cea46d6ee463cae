"""A URL with a credential in it is not kept: the catalogue is read by all of a team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from aml_magics.errors import InvalidDatasetError

if TYPE_CHECKING:
    from aml_magics.records.dataset import Definition

_WORDS: Final = ("sig", "token", "key", "secret", "password", "signature", "credential")


def without_credential(path: str) -> str:
    """A URL as it may be shown: without user, password and the values of its query; other paths as they are."""
    if "://" not in path:
        return path
    parts = urlsplit(path)
    host = parts.netloc.rpartition("@")[2]
    query = "…" if _is_secret_query(parts.query) else parts.query
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def check_no_credential(definition: Definition) -> None:
    """Refuse to keep a definition with a password or a signed query in a URL.

    Raises:
        InvalidDatasetError: it has one.
    """
    for location in definition.locations:
        if location.datastore is None and without_credential(location.path) != location.path:
            raise InvalidDatasetError(
                f"{without_credential(location.path)!r} was given with a credential in the URL, and a dataset "
                "that is kept may hold none. Register a datastore with it (Datastore.register_azure_blob_container, "
                "Datastore.register_url) and give the path as (datastore, path)."
            )


def _is_secret_query(query: str) -> bool:
    names = [name.lower() for name, _ in parse_qsl(query, keep_blank_values=True)]
    return any(word in name for name in names for word in _WORDS)
