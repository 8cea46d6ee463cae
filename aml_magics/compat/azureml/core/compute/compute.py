"""Compute targets of any kind."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.compute_target import ComputeTarget as ComputeTarget
from aml_magics.sdk.compute.configuration import (
    ComputeTargetAttachConfiguration as ComputeTargetAttachConfiguration,
)
from aml_magics.sdk.compute.configuration import (
    ComputeTargetProvisioningConfiguration as ComputeTargetProvisioningConfiguration,
)

__getattr__ = refuse(__name__)
