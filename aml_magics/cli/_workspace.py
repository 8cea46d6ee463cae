"""Choose the workspace for the command line."""

from __future__ import annotations

from pathlib import Path

from aml_magics.records.name import WORKSPACE, check_folder_name
from aml_magics.records.workspace import DEFAULT_NAME
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.workspace.workspace import find_config, read_config
from aml_magics.store.home import workspace_folder


def open_workspace(name: str | None) -> Workspace:
    """Open the workspace of that name, else of the current folder, else the default."""
    return Workspace.from_config() if name is None else Workspace.get(name)


def folder_of(name: str | None) -> Path:
    """Return the folder of that workspace, without creating or opening it."""
    if name is None:
        config = find_config(Path.cwd())
        name = DEFAULT_NAME if config is None else str(read_config(config)["workspace_name"])
    return workspace_folder(check_folder_name(name, WORKSPACE))
