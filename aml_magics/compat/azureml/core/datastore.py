"""Datastores."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.datastore import Datastore as Datastore

__getattr__ = refuse(__name__)
