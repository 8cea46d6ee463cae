"""MySQL as a datastore."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.sql_datastore import AzureMySqlDatastore as AzureMySqlDatastore

__getattr__ = refuse(__name__)
