"""Workspaces, experiments, runs, and how scripts are run."""

from aml_magics._version import SDK_VERSION as VERSION
from aml_magics.sdk.environment import Environment as Environment
from aml_magics.sdk.experiment import Experiment as Experiment
from aml_magics.sdk.run import Run as Run
from aml_magics.sdk.run_configuration import RunConfiguration as RunConfiguration
from aml_magics.sdk.script_run import ScriptRun as ScriptRun
from aml_magics.sdk.script_run_config import ScriptRunConfig as ScriptRunConfig
from aml_magics.sdk.workspace import Workspace as Workspace

__version__ = VERSION
