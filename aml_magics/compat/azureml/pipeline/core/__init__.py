"""Pipelines: their steps, data, parameters and runs."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.graph import Graph as Graph
from aml_magics.sdk.pipeline.module.module import Module as Module
from aml_magics.sdk.pipeline.module.port_definition import InputPortDef as InputPortDef
from aml_magics.sdk.pipeline.module.port_definition import OutputPortDef as OutputPortDef
from aml_magics.sdk.pipeline.module.version import ModuleVersion as ModuleVersion
from aml_magics.sdk.pipeline.module.version import (
    ModuleVersionDescriptor as ModuleVersionDescriptor,
)
from aml_magics.sdk.pipeline.parameter import PipelineParameter as PipelineParameter
from aml_magics.sdk.pipeline.pipeline import Pipeline as Pipeline
from aml_magics.sdk.pipeline.pipeline_data import PipelineData as PipelineData
from aml_magics.sdk.pipeline.pipeline_draft import PipelineDraft as PipelineDraft
from aml_magics.sdk.pipeline.pipeline_endpoint import PipelineEndpoint as PipelineEndpoint
from aml_magics.sdk.pipeline.pipeline_run import PipelineRun as PipelineRun
from aml_magics.sdk.pipeline.port import InputPortBinding as InputPortBinding
from aml_magics.sdk.pipeline.published_pipeline import PublishedPipeline as PublishedPipeline
from aml_magics.sdk.pipeline.schedule.recurrence import ScheduleRecurrence as ScheduleRecurrence
from aml_magics.sdk.pipeline.schedule.recurrence import TimeZone as TimeZone
from aml_magics.sdk.pipeline.schedule.schedule import Schedule as Schedule
from aml_magics.sdk.pipeline.step import PipelineStep as PipelineStep
from aml_magics.sdk.pipeline.step import StepSequence as StepSequence
from aml_magics.sdk.pipeline.step_run import StepRun as StepRun
from aml_magics.sdk.pipeline.step_run_output import PortDataReference as PortDataReference
from aml_magics.sdk.pipeline.step_run_output import StepRunOutput as StepRunOutput
from aml_magics.sdk.pipeline.steps.training_output import TrainingOutput as TrainingOutput

__getattr__ = refuse(__name__)
