"""Asking the person at this process whether a configuration is to be obeyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import UntrustedError
from aml_magics.sdk.workspace.session import agrees
from aml_magics.services.workspace import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store


def open_config(path: Path) -> tuple[Store, bool]:
    """The workspace that a configuration names, and whether it was made.

    Raises:
        UntrustedError: it is not trusted, and nobody sits here who says yes.
    """
    try:
        return workspaces.open_config(path)
    except UntrustedError as error:
        if not agrees(f"{error} Do you trust it?"):
            raise
    workspaces.trust_config(path)
    return workspaces.open_config(path)
