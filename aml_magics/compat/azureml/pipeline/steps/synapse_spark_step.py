"""A step of Synapse Spark."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.cloud_steps import SynapseSparkStep as SynapseSparkStep

__getattr__ = refuse(__name__)
