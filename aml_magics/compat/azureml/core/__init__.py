"""Workspaces, experiments, runs, and how scripts are run.

Each name loads at its first use, so a training script that only needs its run starts quickly.
"""

from typing import TYPE_CHECKING

from aml_magics._version import SDK_VERSION as VERSION
from aml_magics.compat.missing import load

if TYPE_CHECKING:
    from aml_magics.sdk.handles import ComputeTarget as ComputeTarget
    from aml_magics.sdk.handles import ContainerRegistry as ContainerRegistry
    from aml_magics.sdk.handles import Dataset as Dataset
    from aml_magics.sdk.handles import Datastore as Datastore
    from aml_magics.sdk.handles import Environment as Environment
    from aml_magics.sdk.handles import Experiment as Experiment
    from aml_magics.sdk.handles import Keyvault as Keyvault
    from aml_magics.sdk.handles import Model as Model
    from aml_magics.sdk.handles import Run as Run
    from aml_magics.sdk.handles import RunConfiguration as RunConfiguration
    from aml_magics.sdk.handles import ScriptRun as ScriptRun
    from aml_magics.sdk.handles import ScriptRunConfig as ScriptRunConfig
    from aml_magics.sdk.handles import Webservice as Webservice
    from aml_magics.sdk.handles import Workspace as Workspace

__version__ = VERSION
__all__ = [
    "ComputeTarget",
    "ContainerRegistry",
    "Dataset",
    "Datastore",
    "Environment",
    "Experiment",
    "Keyvault",
    "Model",
    "Run",
    "RunConfiguration",
    "ScriptRun",
    "ScriptRunConfig",
    "Webservice",
    "Workspace",
]
__getattr__ = load(__name__, __all__)


def __dir__() -> list[str]:
    return [*__all__, "VERSION", "__version__"]
