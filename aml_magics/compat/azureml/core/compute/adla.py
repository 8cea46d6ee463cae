"""Accounts of Azure Data Lake Analytics."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.attached import AdlaCompute as AdlaCompute

__getattr__ = refuse(__name__)
