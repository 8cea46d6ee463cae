"""Workspaces of Databricks."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.attached import DatabricksCompute as DatabricksCompute

__getattr__ = refuse(__name__)
