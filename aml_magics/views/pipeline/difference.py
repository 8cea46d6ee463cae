"""Two runs of pipelines side by side: which of their steps differ, and in what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aml_magics.services.pipeline.result import step_results
from aml_magics.services.pipeline.reuse import differences
from aml_magics.services.run import run as runs
from aml_magics.views.pipeline.pipeline import (
    PipelineParameterView,
    PipelineStepView,
    PipelineView,
    pipeline_view,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aml_magics.services.pipeline.result import StepResult
    from aml_magics.store.store import Store

Change = Literal["same", "changed", "unknown", "only here", "only there"]


@dataclass(frozen=True, slots=True)
class StepDifferenceView:
    """A step of either run; ``words`` say what it depends on and is another.

    ``change`` is ``changed`` where that differs, and ``unknown`` where one was never bound to its inputs; ``only here``
    is a step that the other run has not.
    """

    name: str
    change: Change
    words: tuple[str, ...]
    here: PipelineStepView | None
    there: PipelineStepView | None


@dataclass(frozen=True, slots=True)
class PipelineSideView:
    """One of the two runs."""

    id: str
    short_id: str
    name: str
    status: str
    created: str | None
    seconds: float | None
    parameters: tuple[PipelineParameterView, ...]


@dataclass(frozen=True, slots=True)
class PipelineDifferenceView:
    """The steps of two runs, in the order of the first."""

    here: PipelineSideView
    there: PipelineSideView
    steps: tuple[StepDifferenceView, ...]


def difference_view(store: Store, run: str, other: str) -> PipelineDifferenceView:
    """Compare two runs; steps are the same by their name, of equal names in their order.

    Raises:
        RunNotFoundError: no run has one of the ids.
        PipelineError: one is no run of a pipeline.
    """
    here, there = pipeline_view(store, run), pipeline_view(store, other)
    mine = _by_name(step_results(store, runs.get(store, here.id)))
    theirs = _by_name(step_results(store, runs.get(store, there.id)))
    shown = {one.run: one for view in (here, there) for one in view.steps}
    names = [*mine, *(one for one in theirs if one not in mine)]
    return PipelineDifferenceView(
        here=_side(here),
        there=_side(there),
        steps=tuple(
            _step(store, name, mine.get((name, at)), theirs.get((name, at)), shown)
            for name, at in names
        ),
    )


def _by_name(found: Iterable[StepResult]) -> dict[tuple[str, int], StepResult]:
    """Steps by their name, and which of that name they are."""
    counted: Counter[str] = Counter()
    named = {}
    for one in found:
        named[one.step.name, counted[one.step.name]] = one
        counted[one.step.name] += 1
    return named


def _step(
    store: Store,
    name: str,
    here: StepResult | None,
    there: StepResult | None,
    shown: Mapping[str, PipelineStepView],
) -> StepDifferenceView:
    change, words = _change(store, here, there)
    views = [None if one is None else shown.get(one.run.id) for one in (here, there)]
    return StepDifferenceView(name, change, tuple(words), *views)


def _change(
    store: Store, here: StepResult | None, there: StepResult | None
) -> tuple[Change, list[str]]:
    if here is None or there is None:
        return ("only there" if here is None else "only here"), []
    if _maker(here) == _maker(there):
        return "same", []
    if not here.kept.reuse_parts or not there.kept.reuse_parts:
        return "unknown", []
    words = differences(store, there.kept.reuse_parts, here.kept.reuse_parts)
    return ("changed" if words else "same"), words


def _maker(one: StepResult) -> str:
    """The id of the run that made the outputs."""
    return one.kept.reused_from or one.run.id


def _side(view: PipelineView) -> PipelineSideView:
    return PipelineSideView(
        view.id,
        view.short_id,
        view.name,
        view.status,
        view.created,
        view.seconds,
        view.parameters,
    )
