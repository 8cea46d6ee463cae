"""Addresses of database servers, shared by several kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping


def host(settings: Mapping[str, Any], suffix: str) -> str:
    """The server's full name; Azure servers are given without their suffix."""
    name = str(settings["server_name"]).strip()
    if any(mark in name for mark in "/@?# "):
        raise InvalidArgumentError(
            "server_name is the name of a server such as 'myserver', without a protocol, user or path."
        )
    if "." in name or name == "localhost":
        return name
    return f"{name}.{str(settings.get('endpoint') or suffix).lstrip('.')}"


def port(settings: Mapping[str, Any], usual: int) -> int:
    """The port; InvalidArgumentError unless it is between 1 and 65535."""
    given = settings.get("port_number") or usual
    if not str(given).isdecimal() or not 0 < int(given) < 1 << 16:
        raise InvalidArgumentError(
            f"port_number is a number from 1 to 65535, not {str(given)[:20]!r}."
        )
    return int(given)
