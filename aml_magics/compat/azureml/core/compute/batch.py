"""Accounts of Azure Batch."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.attached import BatchCompute as BatchCompute

__getattr__ = refuse(__name__)
