"""The older place of steps over mini-batches."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.parallel_run_config import ParallelRunConfig as ParallelRunConfig
from aml_magics.sdk.pipeline.steps.parallel_run_step import ParallelRunStep as ParallelRunStep

__getattr__ = refuse(__name__)
