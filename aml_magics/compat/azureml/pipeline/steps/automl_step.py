"""A step of automated machine learning."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.cloud_steps import AutoMLStep as AutoMLStep

__getattr__ = refuse(__name__)
