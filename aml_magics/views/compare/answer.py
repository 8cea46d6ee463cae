"""Answers to a screen's questions about several runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.services.run import run
from aml_magics.views.compare.compare import compare_view
from aml_magics.views.compare.follow import CompareSubject, compared
from aml_magics.views.compare.ghost import ghost_views
from aml_magics.views.contract.question import question
from aml_magics.views.run.follow import RunSubject

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.views.compare.compare import CompareView
    from aml_magics.views.compare.ghost import GhostView


@question
def ghosts(store: Store, asked: RunSubject) -> tuple[GhostView, ...]:
    """The reference runs drawn faintly behind a run."""
    return ghost_views(store, run.get(store, asked.run))


@question
def compare(store: Store, asked: CompareSubject) -> CompareView:
    """The comparison of runs."""
    return compare_view(store, compared(store, asked.runs))
