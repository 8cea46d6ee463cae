"""References to data of a database."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.reference import SqlDataReference as SqlDataReference

__getattr__ = refuse(__name__)
