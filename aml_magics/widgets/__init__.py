"""Live panels as ipywidgets: the front end's screens, backed by the kernel."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aml_magics.widgets.compare_runs import CompareRuns
    from aml_magics.widgets.dataset import DatasetPreview
    from aml_magics.widgets.model_table import ModelTable, ModelWidget
    from aml_magics.widgets.pipeline import PipelineWidget
    from aml_magics.widgets.run import RunWidget
    from aml_magics.widgets.run_details import RunDetails
    from aml_magics.widgets.run_table import RunTable
    from aml_magics.widgets.screen import ScreenWidget
    from aml_magics.widgets.service import ServiceWidget
    from aml_magics.widgets.sweep import SweepWidget

__all__ = [
    "CompareRuns",
    "DatasetPreview",
    "ModelTable",
    "ModelWidget",
    "PipelineWidget",
    "RunDetails",
    "RunTable",
    "RunWidget",
    "ScreenWidget",
    "ServiceWidget",
    "SweepWidget",
]

_HOMES = {
    "CompareRuns": "compare_runs",
    "DatasetPreview": "dataset",
    "ModelTable": "model_table",
    "ModelWidget": "model_table",
    "PipelineWidget": "pipeline",
    "RunDetails": "run_details",
    "RunTable": "run_table",
    "RunWidget": "run",
    "ScreenWidget": "screen",
    "ServiceWidget": "service",
    "SweepWidget": "sweep",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- one of the classes
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(
        f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}"
    )


def __dir__() -> list[str]:
    return __all__
