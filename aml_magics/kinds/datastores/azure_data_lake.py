"""Azure Data Lake Storage Gen1, which Azure has switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import DataAccessError
from aml_magics.kinds.datastores._azure import NOTES
from aml_magics.kinds.datastores._base import Address, FileDatastore

if TYPE_CHECKING:
    from collections.abc import Mapping


class AzureDataLake(FileDatastore):
    """Registration works, so that older notebooks run up to where they read from it."""

    type = "AzureDataLake"
    required = ("store_name",)
    optional = ("tenant_id", "client_id", "resource_url", "authority_url", *NOTES)
    credentials = ("client_secret",)

    def address(self, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> Address:
        """Always raises DataAccessError, which names the successor."""
        del credentials
        raise DataAccessError(
            f"Azure retired Data Lake Storage Gen1 in February 2024, and {str(settings['store_name'])[:60]!r} with it. "
            "Register where its files were moved to with Datastore.register_azure_data_lake_gen2."
        )
