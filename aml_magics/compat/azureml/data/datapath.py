"""Paths of a datastore, and their binding to a script."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.path import DataPath as DataPath
from aml_magics.sdk.data.store.path import DataPathComputeBinding as DataPathComputeBinding

__getattr__ = refuse(__name__)
