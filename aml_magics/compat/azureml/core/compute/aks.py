"""Kubernetes clusters for web services."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.aks import AksCompute as AksCompute

__getattr__ = refuse(__name__)
