"""A step of Databricks."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.cloud_steps import DatabricksStep as DatabricksStep

__getattr__ = refuse(__name__)
