"""Kinds of steps."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.parallel_run_config import ParallelRunConfig as ParallelRunConfig
from aml_magics.sdk.pipeline.parallel_run_step import ParallelRunStep as ParallelRunStep
from aml_magics.sdk.pipeline.python_script_step import PythonScriptStep as PythonScriptStep

__getattr__ = refuse(__name__)
