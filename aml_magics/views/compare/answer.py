"""Answers to a screen's questions about several runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.views.compare.compare import compare_view
from aml_magics.views.compare.follow import compared
from aml_magics.views.compare.ghost import ghost_views
from aml_magics.views.run.answer import run_of
from aml_magics.views.text.argument import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.store.store import Store
    from aml_magics.views.compare.compare import CompareView
    from aml_magics.views.compare.ghost import GhostView

    Question = Mapping[str, object]


def ghosts(store: Store, question: Question) -> tuple[GhostView, ...]:
    """The reference runs drawn faintly behind a run."""
    return ghost_views(store, run_of(store, question))


def compare(store: Store, question: Question) -> CompareView:
    """The comparison of the runs in the question."""
    return compare_view(store, compared(store, texts(question, "runs")))
