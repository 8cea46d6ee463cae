"""The file system of Databricks, where it is mounted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds.datastores._base import Address, FileDatastore

if TYPE_CHECKING:
    from collections.abc import Mapping


class Dbfs(FileDatastore):
    """A cluster of Databricks mounts it at ``/dbfs``; from elsewhere a ``dbfs://`` URL reaches it."""

    type = "DBFS"

    def address(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> Address:
        """The folder where a cluster has it."""
        del settings, credentials
        return Address("/dbfs")
