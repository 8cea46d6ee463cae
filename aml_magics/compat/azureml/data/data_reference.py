"""References to data of a datastore."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.reference import DataReference as DataReference

__getattr__ = refuse(__name__)
