"""Workspaces, experiments, runs, and how scripts are run.

A name loads when it is used: a training script that takes its run alone waits for nothing else.
"""

from typing import TYPE_CHECKING

from aml_magics._version import SDK_VERSION as VERSION
from aml_magics.compat.missing import load

if TYPE_CHECKING:
    from aml_magics.sdk.dataset import Dataset as Dataset
    from aml_magics.sdk.datastore import Datastore as Datastore
    from aml_magics.sdk.environment import Environment as Environment
    from aml_magics.sdk.environment_section import ContainerRegistry as ContainerRegistry
    from aml_magics.sdk.experiment import Experiment as Experiment
    from aml_magics.sdk.keyvault import Keyvault as Keyvault
    from aml_magics.sdk.model import Model as Model
    from aml_magics.sdk.run import Run as Run
    from aml_magics.sdk.run_configuration import RunConfiguration as RunConfiguration
    from aml_magics.sdk.script_run import ScriptRun as ScriptRun
    from aml_magics.sdk.script_run_config import ScriptRunConfig as ScriptRunConfig
    from aml_magics.sdk.workspace import Workspace as Workspace

__version__ = VERSION
_HOMES = {
    "ContainerRegistry": "environment_section",
    "Dataset": "dataset",
    "Datastore": "datastore",
    "Environment": "environment",
    "Experiment": "experiment",
    "Keyvault": "keyvault",
    "Model": "model",
    "Run": "run",
    "RunConfiguration": "run_configuration",
    "ScriptRun": "script_run",
    "ScriptRunConfig": "script_run_config",
    "Workspace": "workspace",
}

__all__ = list(_HOMES)
__getattr__ = load(__name__, _HOMES)


def __dir__() -> list[str]:
    return [*_HOMES, "VERSION", "__version__"]
