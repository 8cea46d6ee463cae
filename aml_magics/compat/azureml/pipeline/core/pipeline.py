"""Pipelines."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.pipeline import Pipeline as Pipeline

__getattr__ = refuse(__name__)
