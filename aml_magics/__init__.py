"""The Azure Machine Learning workspace inside the notebook, on your own machine.

``%load_ext aml_magics`` adds ``%%aml_run`` and ``%aml``; ``Workspace``, ``Experiment``, ``Run``,
``Datastore``, ``Dataset``, ``Pipeline`` and its parts have the names of Azure ML SDK v1. They load at their first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.sdk.handles import (
        CommandStep,
        ComputeTarget,
        DaskCompute,
        Dataset,
        Datastore,
        Experiment,
        ParallelRunConfig,
        ParallelRunStep,
        Pipeline,
        PipelineData,
        PipelineParameter,
        PublishedPipeline,
        PythonScriptStep,
        Run,
        Workspace,
    )

__all__ = [
    "CommandStep",
    "ComputeTarget",
    "DaskCompute",
    "Dataset",
    "Datastore",
    "Experiment",
    "ParallelRunConfig",
    "ParallelRunStep",
    "Pipeline",
    "PipelineData",
    "PipelineParameter",
    "PublishedPipeline",
    "PythonScriptStep",
    "Run",
    "Workspace",
    "load_ipython_extension",
    "unload_ipython_extension",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- a class or the version
    if name in __all__:
        return getattr(import_module("aml_magics.sdk.handles"), name)
    if name == "__version__":
        return import_module("aml_magics._version").VERSION
    raise AttributeError(
        f"module 'aml_magics' has no attribute {name!r}; it has {', '.join(__all__)}"
    )


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """``%load_ext aml_magics``."""
    import_module("aml_magics.extension").load_ipython_extension(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """``%unload_ext aml_magics``."""
    import_module("aml_magics.extension").unload_ipython_extension(shell)
