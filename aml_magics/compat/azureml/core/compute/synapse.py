"""Spark pools of Synapse."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.attached import SynapseCompute as SynapseCompute

__getattr__ = refuse(__name__)
