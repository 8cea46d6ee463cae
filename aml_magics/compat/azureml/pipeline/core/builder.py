"""Steps."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.step import PipelineStep as PipelineStep
from aml_magics.sdk.pipeline.step import StepSequence as StepSequence

__getattr__ = refuse(__name__)
