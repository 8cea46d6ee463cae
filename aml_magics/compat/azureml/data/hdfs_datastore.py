"""A Hadoop cluster as a datastore."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.file_datastore import HDFSDatastore as HDFSDatastore

__getattr__ = refuse(__name__)
