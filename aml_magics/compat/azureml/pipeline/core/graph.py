"""Graphs, data and parameters."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.graph import Edge as Edge
from aml_magics.sdk.pipeline.graph import Graph as Graph
from aml_magics.sdk.pipeline.graph import Node as Node
from aml_magics.sdk.pipeline.module.port_definition import InputPortDef as InputPortDef
from aml_magics.sdk.pipeline.module.port_definition import OutputPortDef as OutputPortDef
from aml_magics.sdk.pipeline.module.port_definition import ParamDef as ParamDef
from aml_magics.sdk.pipeline.parameter import PipelineParameter as PipelineParameter
from aml_magics.sdk.pipeline.pipeline_data import PipelineData as PipelineData
from aml_magics.sdk.pipeline.port import InputPortBinding as InputPortBinding
from aml_magics.sdk.pipeline.published_pipeline import PublishedPipeline as PublishedPipeline
from aml_magics.sdk.pipeline.step_run_output import PortDataReference as PortDataReference
from aml_magics.sdk.pipeline.steps.training_output import TrainingOutput as TrainingOutput

__getattr__ = refuse(__name__)
