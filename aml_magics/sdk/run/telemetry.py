"""Telemetry of Azure ML SDK v1, for old code that configures it: nothing is collected or sent."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

INSTRUMENTATION_KEY: Final = ""

global_diagnostics_properties: Final[dict[str, Any]] = {}
"""Properties for telemetry, none of which is sent."""


def set_diagnostics_collection(
    send_diagnostics: bool = True,
    verbosity: int = logging.INFO,
    reason: str = "",
    path: str | os.PathLike[str] | None = None,
) -> None:
    """Accepted; nothing is sent."""
    del send_diagnostics, verbosity, reason, path


def get_diagnostics_collection_info(
    component_name: str | None = None, path: str | os.PathLike[str] | None = None
) -> tuple[bool, int]:
    """False, and the level ``logging.NOTSET``: nothing is collected."""
    del component_name, path
    return False, logging.NOTSET


def is_diagnostics_collection_info_available(component_name: str | None = None) -> bool:
    """Always True."""
    del component_name
    return True


def get_telemetry_log_handler(*_azure: object, **_more: object) -> logging.Handler:
    """A handler that drops all records."""
    return logging.NullHandler()


def add_diagnostics_properties(properties: Mapping[str, Any]) -> None:
    """Accepted; nothing is sent."""
    del properties


def set_diagnostics_properties(properties: Mapping[str, Any]) -> None:
    """Accepted; nothing is sent."""
    del properties
