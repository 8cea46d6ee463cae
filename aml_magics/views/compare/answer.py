"""Answers to a screen's questions about several runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.services.run import run
from aml_magics.views.compare.bands import Along, Spread, bands_view
from aml_magics.views.compare.compare import compare_view
from aml_magics.views.compare.ghost import ghost_views
from aml_magics.views.compare.images import images_view
from aml_magics.views.compare.importance import importance_view
from aml_magics.views.compare.subject import CompareSubject
from aml_magics.views.contract.question import question
from aml_magics.views.run.follow import RunSubject

if TYPE_CHECKING:
    from aml_magics.store.store import Store
    from aml_magics.views.compare.bands import BandsView
    from aml_magics.views.compare.compare import CompareView
    from aml_magics.views.compare.ghost import GhostView
    from aml_magics.views.compare.images import ImagesView
    from aml_magics.views.compare.importance import ImportanceView


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMetricQuestion(CompareSubject):
    """A metric of the runs of a comparison."""

    metric: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BandsQuestion(ComparedMetricQuestion):
    """A metric over groups of runs: by ``params.NAME``, ``tags.NAME``, a column, or all in one."""

    by: str = ""
    spread: Spread = "deviation"
    along: Along = "step"


@question
def ghosts(store: Store, asked: RunSubject) -> tuple[GhostView, ...]:
    """The reference runs drawn faintly behind a run."""
    return ghost_views(store, run.get(store, asked.run))


@question
def compare(store: Store, asked: CompareSubject) -> CompareView:
    """The comparison of runs."""
    records, more = asked.records(store)
    return compare_view(store, records, goals=asked.goals, more=more)


@question
def importance(store: Store, asked: ComparedMetricQuestion) -> ImportanceView:
    """Which parameters of the runs matter for a metric."""
    return importance_view(store, asked.records(store)[0], asked.metric)


@question
def bands(store: Store, asked: BandsQuestion) -> BandsView:
    """A metric over groups of the runs: the mean of each, and how far its runs lie apart."""
    records, _ = asked.records(store)
    return bands_view(
        store, records, asked.metric, by=asked.by, spread=asked.spread, along=asked.along
    )


@question
def images(store: Store, asked: ComparedMetricQuestion) -> ImagesView:
    """The images that the runs logged under a name, by step."""
    return images_view(store, asked.records(store)[0], asked.metric)
