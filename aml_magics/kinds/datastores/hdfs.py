"""The file system of a Hadoop cluster with Kerberos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import DataAccessError
from aml_magics.kinds.datastores._base import Address, FileDatastore

if TYPE_CHECKING:
    from collections.abc import Mapping


class Hdfs(FileDatastore):
    """Registration only; Azure issues its tickets and certificates."""

    type = "Hdfs"
    required = ("protocol", "namenode_address")
    optional = (
        "hdfs_server_certificate",
        "kerberos_realm",
        "kerberos_kdc_address",
        "kerberos_principal",
    )
    credentials = ("kerberos_keytab", "kerberos_password")

    def address(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> Address:
        """Always raises DataAccessError, which names another way to the cluster."""
        del credentials
        raise DataAccessError(
            f"The Hadoop cluster at {str(settings['namenode_address'])[:60]!r} is recorded only, for no Kerberos ticket is "
            "made here. Get one with kinit, and register "
            "Datastore.register_url(workspace, name, 'webhdfs://host:port/folder', {'kerberos': True})."
        )
