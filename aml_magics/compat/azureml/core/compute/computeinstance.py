"""Workstations."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.compute_instance import ComputeInstance as ComputeInstance
from aml_magics.sdk.compute.compute_instance import ComputeInstanceStatus as ComputeInstanceStatus

__getattr__ = refuse(__name__)
