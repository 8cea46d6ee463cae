"""The file system of Databricks as a datastore."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.file_datastore import DBFSDatastore as DBFSDatastore

__getattr__ = refuse(__name__)
