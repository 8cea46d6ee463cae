"""Endpoints of pipelines."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.pipeline_endpoint import PipelineEndpoint as PipelineEndpoint
from aml_magics.sdk.pipeline.published_pipeline import PublishedPipeline as PublishedPipeline

__getattr__ = refuse(__name__)
