"""The base of datastores."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore as AbstractDatastore

__getattr__ = refuse(__name__)
