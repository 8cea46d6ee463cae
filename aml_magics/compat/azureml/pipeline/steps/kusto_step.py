"""A step of Azure Data Explorer."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.cloud_steps import KustoStep as KustoStep

__getattr__ = refuse(__name__)
