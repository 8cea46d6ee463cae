"""Addresses of Azure Storage accounts, shared by several kinds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIX: Final = "core.windows.net"
NOTES: Final = ("subscription_id", "resource_group", "grant_workspace_access")
"""Azure's settings that are only recorded here."""
ASSUMED: Final = {"assume_container_exists": True}
"""Else adlfs checks for the container before each write, and warns if a token lacks that permission."""
_ACCOUNT: Final = re.compile(r"[a-z0-9]{3,24}")
_SUFFIX: Final = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_HOST_AND_PORT: Final = re.compile(r"[A-Za-z0-9.-]+:\d+|localhost|\d+\.\d+\.\d+\.\d+")
_ROOT: Final = re.compile(r"[a-z0-9$](?:-?[a-z0-9]){2,62}")
_PRINCIPAL: Final = ("tenant_id", "client_id", "client_secret")


def account(settings: Mapping[str, Any]) -> str:
    """The account name; InvalidArgumentError if it breaks Azure's rule."""
    name = str(settings["account_name"])
    if not _ACCOUNT.fullmatch(name):
        raise InvalidArgumentError(
            f"account_name is 3 to 24 small letters and digits, as the account in {name[:60]!r}.blob.core.windows.net, "
            "without the rest of the address."
        )
    return name


def root(settings: Mapping[str, Any], setting: str) -> str:
    """The name of a container, share or file system; InvalidArgumentError if it breaks Azure's rule."""
    name = str(settings[setting])
    if not _ROOT.fullmatch(name):
        raise InvalidArgumentError(
            f"{setting} is 3 to 63 small letters, digits and single dashes, not {name[:70]!r}."
        )
    return name


def service_url(settings: Mapping[str, Any], service: str) -> str:
    """The URL of a service of the account.

    Args:
        settings: ``account_name``, ``protocol`` and ``endpoint``: the end of the address such as
            ``core.windows.net``, or for an emulator ``host:port`` or a URL.
        service: ``blob``, ``dfs`` or ``file``.
    """
    protocol = str(settings.get("protocol") or "https").rstrip(":/").lower()
    if protocol not in {"http", "https"}:
        raise InvalidArgumentError(f"protocol is 'https' or 'http', not {protocol[:60]!r}.")
    endpoint = str(settings.get("endpoint") or SUFFIX).rstrip("/")
    name = account(settings)
    scheme, mark, rest = endpoint.partition("://")
    if mark:
        if scheme not in {"http", "https"} or "@" in rest or "?" in rest:
            raise InvalidArgumentError(
                "endpoint is the end of an address such as 'core.windows.net', or a URL that starts with http:// or "
                "https:// and has neither a user nor a query; credentials go to account_key or sas_token."
            )
        return endpoint if "/" in rest else f"{endpoint}/{name}"
    if _HOST_AND_PORT.fullmatch(endpoint):
        return f"{protocol}://{endpoint}/{name}"
    if not _SUFFIX.fullmatch(endpoint):
        raise InvalidArgumentError(
            f"endpoint is the end of an address such as 'core.windows.net', host:port or a URL, not {endpoint[:60]!r}."
        )
    return f"{protocol}://{name}.{service}.{endpoint}"


def principal(settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> dict[str, str]:
    """Tenant, client and secret of a service principal; empty if none is given.

    Raises:
        InvalidArgumentError: one of the three is missing.
    """
    given = {name: {**settings, **credentials}.get(name) for name in _PRINCIPAL}
    if not any(given.values()):
        return {}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise InvalidArgumentError(
            f"A service principal is tenant_id, client_id and client_secret together; {' and '.join(missing)} is missing. "
            "Secrets stay on the machine where a datastore was registered: on another, register it again."
        )
    return {name: str(value) for name, value in given.items()}
