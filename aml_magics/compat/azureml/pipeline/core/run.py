"""Runs of pipelines and of their steps."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.pipeline_run import PipelineRun as PipelineRun
from aml_magics.sdk.pipeline.step_run import StepRun as StepRun
from aml_magics.sdk.pipeline.step_run_output import PortDataReference as PortDataReference
from aml_magics.sdk.pipeline.step_run_output import StepRunOutput as StepRunOutput

__getattr__ = refuse(__name__)
