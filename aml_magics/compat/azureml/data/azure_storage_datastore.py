"""Datastores of Azure Storage."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.file_datastore import (
    AbstractAzureStorageDatastore as AbstractAzureStorageDatastore,
)
from aml_magics.sdk.data.store.file_datastore import AzureBlobDatastore as AzureBlobDatastore
from aml_magics.sdk.data.store.file_datastore import AzureFileDatastore as AzureFileDatastore

__getattr__ = refuse(__name__)
