"""Answers to a screen's questions about several runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import UsageError
from aml_magics.views.compare.bands import bands_view
from aml_magics.views.compare.compare import compare_view
from aml_magics.views.compare.ghost import ghost_views
from aml_magics.views.compare.images import images_view
from aml_magics.views.compare.importance import importance_view
from aml_magics.views.compare.subject import subject_of
from aml_magics.views.run.answer import run_of
from aml_magics.views.text.argument import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.store.store import Store
    from aml_magics.views.compare.bands import BandsView
    from aml_magics.views.compare.compare import CompareView
    from aml_magics.views.compare.ghost import GhostView
    from aml_magics.views.compare.images import ImagesView
    from aml_magics.views.compare.importance import ImportanceView

    Question = Mapping[str, object]


def ghosts(store: Store, question: Question) -> tuple[GhostView, ...]:
    """The reference runs drawn faintly behind a run."""
    return ghost_views(store, run_of(store, question))


def compare(store: Store, question: Question) -> CompareView:
    """The comparison of the runs in the question."""
    subject = subject_of(question)
    records, more = subject.records(store)
    return compare_view(store, records, goals=subject.goals, more=more)


def importance(store: Store, question: Question) -> ImportanceView:
    """Which parameters of the runs matter for a metric."""
    records, _ = subject_of(question).records(store)
    return importance_view(store, records, text(question, "metric"))


def bands(store: Store, question: Question) -> BandsView:
    """A metric over groups of the runs: the mean of each, and how far its runs lie apart."""
    spread = text(question, "spread", "deviation")
    if spread not in ("deviation", "range"):
        raise UsageError(f"'spread' is 'deviation' or 'range', not {spread!r:.60}.")
    records, _ = subject_of(question).records(store)
    return bands_view(
        store,
        records,
        text(question, "metric"),
        by=text(question, "by", ""),
        spread="range" if spread == "range" else "deviation",
    )


def images(store: Store, question: Question) -> ImagesView:
    """The images that the runs logged under a name, by step."""
    records, _ = subject_of(question).records(store)
    return images_view(store, records, text(question, "metric"))
