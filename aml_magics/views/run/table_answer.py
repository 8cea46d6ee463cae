"""Answers to a table of runs about all of them, whatever part of it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.views.contract.question import question
from aml_magics.views.run.group import GroupView
from aml_magics.views.run.query import RunQuery

if TYPE_CHECKING:
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class AllRunsQuestion:
    """All runs that meet a query."""

    query: RunQuery


@dataclass(frozen=True, slots=True)
class RunIdsView:
    """Ids of runs, in the order of the query; of at most 10,000 runs."""

    ids: tuple[str, ...]


@question
def run_ids(store: Store, asked: AllRunsQuestion) -> RunIdsView:
    """The ids of all runs that meet a query."""
    return RunIdsView(tuple(asked.query.all_ids(store)))


@question
def runs_summary(store: Store, asked: AllRunsQuestion) -> GroupView:
    """What all runs that meet a query have in common, as one group."""
    return asked.query.summary(store)
