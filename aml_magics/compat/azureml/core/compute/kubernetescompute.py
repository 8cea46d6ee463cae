"""Kubernetes clusters for runs."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.attached import KubernetesCompute as KubernetesCompute

__getattr__ = refuse(__name__)
