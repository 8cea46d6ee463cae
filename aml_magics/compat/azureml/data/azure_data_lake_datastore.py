"""Datastores of Azure Data Lake Storage."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.file_datastore import AbstractADLSDatastore as AbstractADLSDatastore
from aml_magics.sdk.data.store.file_datastore import (
    AzureDataLakeDatastore as AzureDataLakeDatastore,
)
from aml_magics.sdk.data.store.file_datastore import (
    AzureDataLakeGen2Datastore as AzureDataLakeGen2Datastore,
)

__getattr__ = refuse(__name__)
