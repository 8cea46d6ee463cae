"""Notebooks as runs, and as steps of pipelines."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.job.notebook_run_config import AzureMLNotebookHandler as AzureMLNotebookHandler
from aml_magics.sdk.job.notebook_run_config import NotebookRunConfig as NotebookRunConfig
from aml_magics.sdk.pipeline.steps.notebook_runner_step import (
    NotebookRunnerStep as NotebookRunnerStep,
)

__getattr__ = refuse(__name__)
