"""Clusters."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.aml_compute import AmlCompute as AmlCompute
from aml_magics.sdk.compute.aml_compute import AmlComputeStatus as AmlComputeStatus
from aml_magics.sdk.compute.aml_compute import NodeStateCounts as NodeStateCounts
from aml_magics.sdk.compute.aml_compute import ScaleSettings as ScaleSettings

__getattr__ = refuse(__name__)
