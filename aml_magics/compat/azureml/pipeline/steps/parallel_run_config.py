"""How a step runs a script for each mini-batch."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.parallel_run_config import ParallelRunConfig as ParallelRunConfig

__getattr__ = refuse(__name__)
