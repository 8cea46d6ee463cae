"""Azure SQL as a datastore."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.sql_datastore import (
    AzureSqlDatabaseDatastore as AzureSqlDatabaseDatastore,
)

__getattr__ = refuse(__name__)
