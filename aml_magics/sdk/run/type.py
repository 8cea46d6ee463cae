"""Which class a run is given as, by its type."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aml_magics.sdk.run.run import Run

_CLASSES: Final = {"azureml.scriptrun": ("aml_magics.sdk.job.script_run", "ScriptRun")}


def class_of(run_type: str | None, otherwise: type[Run]) -> type[Run]:
    """The class of a type of run; ``otherwise`` where there is no special one."""
    place = _CLASSES.get(run_type or "")
    if place is None:
        return otherwise
    found: type[Run] = getattr(import_module(place[0]), place[1])
    return found
