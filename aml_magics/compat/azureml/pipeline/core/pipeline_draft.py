"""Drafts of pipelines."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.pipeline_draft import PipelineDraft as PipelineDraft

__getattr__ = refuse(__name__)
