"""The workspace's own datastore for working files: a folder of the workspace or of its artifact storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds.datastores._base import Address, FileDatastore

if TYPE_CHECKING:
    from collections.abc import Mapping


class WorkspaceFile(FileDatastore):
    """Present in every workspace as ``workspacefilestore``."""

    type = "AzureFile"
    required = ("url",)

    def address(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> Address:
        """The folder or URL set by the workspace; it has no credentials."""
        del credentials
        return Address(str(settings["url"]))
