"""Machines that are reached by SSH."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.attached import RemoteCompute as RemoteCompute

__getattr__ = refuse(__name__)
