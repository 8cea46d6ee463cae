"""The workspace that Azure's static methods take first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import UsageError, described
from aml_magics.sdk.workspace.workspace import Workspace

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def store_of(workspace: object, call: str) -> Store:
    """The store of a workspace.

    Args:
        workspace: what was given as one.
        call: the call as it is meant, such as ``Dataset.get_by_name(workspace, name)``.

    Raises:
        UsageError: no workspace.
    """
    if not isinstance(workspace, Workspace):
        raise UsageError(f"{call} takes a Workspace first, not {described(workspace)}.")
    return workspace.store
