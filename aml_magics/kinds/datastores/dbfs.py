"""The Databricks file system as a mounted folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds.datastores._base import Address, FileDatastore

if TYPE_CHECKING:
    from collections.abc import Mapping


class Dbfs(FileDatastore):
    """Databricks clusters mount it at ``/dbfs``; from elsewhere use a ``dbfs://`` URL."""

    type = "DBFS"

    def address(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> Address:
        """The mount point."""
        del settings, credentials
        return Address("/dbfs")
