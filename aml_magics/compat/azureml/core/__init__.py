"""Workspaces, experiments, runs, and how scripts are run.

A name loads when it is used: a training script that takes its run alone waits for nothing else.
"""

from typing import TYPE_CHECKING

from aml_magics._version import SDK_VERSION as VERSION
from aml_magics.compat.missing import load

if TYPE_CHECKING:
    from aml_magics.sdk.data.dataset.dataset import Dataset as Dataset
    from aml_magics.sdk.data.store.datastore import Datastore as Datastore
    from aml_magics.sdk.environment.environment import Environment as Environment
    from aml_magics.sdk.environment.section import ContainerRegistry as ContainerRegistry
    from aml_magics.sdk.job.run_configuration import RunConfiguration as RunConfiguration
    from aml_magics.sdk.job.script_run import ScriptRun as ScriptRun
    from aml_magics.sdk.job.script_run_config import ScriptRunConfig as ScriptRunConfig
    from aml_magics.sdk.model.model import Model as Model
    from aml_magics.sdk.run.experiment import Experiment as Experiment
    from aml_magics.sdk.run.run import Run as Run
    from aml_magics.sdk.workspace.keyvault import Keyvault as Keyvault
    from aml_magics.sdk.workspace.workspace import Workspace as Workspace

__version__ = VERSION
_HOMES = {
    "ContainerRegistry": "environment.section",
    "Dataset": "data.dataset.dataset",
    "Datastore": "data.store.datastore",
    "Environment": "environment.environment",
    "Experiment": "run.experiment",
    "Keyvault": "workspace.keyvault",
    "Model": "model.model",
    "Run": "run.run",
    "RunConfiguration": "job.run_configuration",
    "ScriptRun": "job.script_run",
    "ScriptRunConfig": "job.script_run_config",
    "Workspace": "workspace.workspace",
}

__all__ = list(_HOMES)
__getattr__ = load(__name__, _HOMES)


def __dir__() -> list[str]:
    return [*_HOMES, "VERSION", "__version__"]
