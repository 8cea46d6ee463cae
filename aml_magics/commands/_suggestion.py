"""What can stand for an experiment or a run: live values for completion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.services import experiment as experiments
from aml_magics.services.search import search
from aml_magics.views.identifier import short_id

if TYPE_CHECKING:
    from aml_magics.sdk.workspace import Workspace

RUN_HELP: Final = "its id or the beginning of it, its name, or `last`"
RUNS: Final = 30
"""How many of the newest runs are offered."""


def experiment_names(workspace: Workspace) -> list[str]:
    """The experiments, the newest first."""
    found = experiments.list_experiments(workspace.store)
    return [record.name for record in reversed(found)]


def run_words(workspace: Workspace) -> list[str]:
    """Names and ids of the newest runs; a name is offered once."""
    runs = search(workspace.store, limit=RUNS, include_children=True)
    return list(dict.fromkeys([*(run.name for run in runs), *(short_id(run.id) for run in runs)]))


def open_run_words(workspace: Workspace) -> list[str]:
    """The same, of runs that have not ended."""
    runs = search(workspace.store, limit=RUNS, include_children=True)
    live = [run for run in runs if not run.status.is_terminal]
    return list(dict.fromkeys([*(run.name for run in live), *(short_id(run.id) for run in live)]))
