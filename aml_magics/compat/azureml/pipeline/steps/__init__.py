"""Kinds of steps."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.cloud_steps import AdlaStep as AdlaStep
from aml_magics.sdk.pipeline.steps.cloud_steps import AutoMLStep as AutoMLStep
from aml_magics.sdk.pipeline.steps.cloud_steps import AzureBatchStep as AzureBatchStep
from aml_magics.sdk.pipeline.steps.cloud_steps import DatabricksStep as DatabricksStep
from aml_magics.sdk.pipeline.steps.cloud_steps import KustoStep as KustoStep
from aml_magics.sdk.pipeline.steps.cloud_steps import SynapseSparkStep as SynapseSparkStep
from aml_magics.sdk.pipeline.steps.command_step import CommandStep as CommandStep
from aml_magics.sdk.pipeline.steps.estimator_step import EstimatorStep as EstimatorStep
from aml_magics.sdk.pipeline.steps.hyper_drive_step import HyperDriveStep as HyperDriveStep
from aml_magics.sdk.pipeline.steps.hyper_drive_step import HyperDriveStepRun as HyperDriveStepRun
from aml_magics.sdk.pipeline.steps.module_step import ModuleStep as ModuleStep
from aml_magics.sdk.pipeline.steps.parallel_run_config import ParallelRunConfig as ParallelRunConfig
from aml_magics.sdk.pipeline.steps.parallel_run_step import ParallelRunStep as ParallelRunStep
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep as PythonScriptStep

__getattr__ = refuse(__name__)
