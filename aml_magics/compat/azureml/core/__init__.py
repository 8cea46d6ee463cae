"""Workspaces, experiments and runs."""

from aml_magics._version import SDK_VERSION as VERSION
from aml_magics.sdk.experiment import Experiment as Experiment
from aml_magics.sdk.run import Run as Run
from aml_magics.sdk.workspace import Workspace as Workspace

__version__ = VERSION
