"""Live values for completion: experiments, runs, metrics, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.records.compute import LOCAL
from aml_magics.services.compute import registry
from aml_magics.services.filter.runs import COLUMNS
from aml_magics.services.run import experiment as experiments
from aml_magics.services.run.field_name import field_names
from aml_magics.services.run.search import names_and_ids, search
from aml_magics.views.text.format import short_id

if TYPE_CHECKING:
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.services.filter.runs import Field

RUN_HELP: Final = "its id or the beginning of it, its name, or `last`"
RUNS: Final = 30
"""How many of the newest runs come first, by name and by id."""


def experiment_names(workspace: Workspace) -> list[str]:
    """Names of experiments, newest first."""
    found = experiments.list_experiments(workspace.store)
    return [record.name for record in reversed(found)]


def compute_names(workspace: Workspace) -> list[str]:
    """Names of compute targets, after this machine's own."""
    return [LOCAL, *(record.name for record in registry.list_computes(workspace.store))]


def run_words(workspace: Workspace) -> list[str]:
    """Names and ids of all runs, newest first, without duplicates."""
    found = names_and_ids(workspace.store)
    parts = [found[:RUNS], found[RUNS:]]
    words = [[name for name, _ in part] + [short_id(id_) for _, id_ in part] for part in parts]
    return list(dict.fromkeys(words[0] + words[1]))


def open_run_words(workspace: Workspace) -> list[str]:
    """Names and ids of runs that have not ended."""
    runs = search(workspace.store, limit=RUNS, include_children=True)
    live = [run for run in runs if not run.status.is_terminal]
    return list(dict.fromkeys([*(run.name for run in live), *(short_id(run.id) for run in live)]))


def field_words(workspace: Workspace) -> list[str]:
    """Fields for a filter or an order: those of the runs, then the table's columns."""
    return [*map(str, _fields(workspace)), *COLUMNS]


def metric_words(workspace: Workspace) -> list[str]:
    """Names of metrics."""
    return [field.name for field in _fields(workspace) if field.is_metric]


def tag_words(workspace: Workspace) -> list[str]:
    """Names of tags."""
    return [field.name for field in _fields(workspace) if field.kind == "tag"]


def _fields(workspace: Workspace) -> list[Field]:
    with workspace.store.catalogue.read() as connection:
        return field_names(workspace.store, connection)
