"""A step of Data Lake Analytics."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.cloud_steps import AdlaStep as AdlaStep

__getattr__ = refuse(__name__)
