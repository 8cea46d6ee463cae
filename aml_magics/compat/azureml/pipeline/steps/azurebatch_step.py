"""A step of Azure Batch."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.cloud_steps import AzureBatchStep as AzureBatchStep

__getattr__ = refuse(__name__)
