"""Clusters of Azure Data Explorer."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.attached import KustoCompute as KustoCompute

__getattr__ = refuse(__name__)
