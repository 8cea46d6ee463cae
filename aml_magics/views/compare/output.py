"""The notebook output of a comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aml_magics.views.chart.small import COMPARED, POINTS, TEXT, exact, points_each, small_curve
from aml_magics.views.compare.compare import compare_view
from aml_magics.views.compare.static import CURVES, compare_page
from aml_magics.views.compare.subject import CompareSubject
from aml_magics.views.contract.question import output
from aml_magics.views.static.output import Output, fitting, snapshot_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.store.store import Store
    from aml_magics.views.compare.compare import (
        ComparedMetricView,
        ComparedValueView,
        CompareView,
        OverlayView,
    )

COMPARE: Final = "application/vnd.aml-magics.compare+json"
RUNS: Final = 160
FEWEST_RUNS: Final = 20
"""Runs of a snapshot; a live host fetches the others."""

R = TypeVar("R", bound="ComparedValueView | ComparedMetricView")


@output
def compare(store: Store, subject: CompareSubject) -> Output:
    """The output of a comparison as it is now."""
    records, more = subject.records(store)
    view = compare_view(store, records, goals=subject.goals, more=more)
    return compare_output(store.record.name, view, subject)


def compare_output(
    workspace: str, view: CompareView, subject: CompareSubject | None = None
) -> Output:
    """The output of a comparison; a live host follows the subject, by default the runs of the view."""
    small = small_compare(view)
    curves = [replace(one, curves=one.curves[: len(small.runs)]) for one in view.overlays[:CURVES]]
    drawn = replace(small, overlays=tuple(curves))
    follow = {} if subject is None else {"subject": _plain(subject)}
    return Output(
        COMPARE,
        lambda: {**snapshot_of(workspace, small), **follow},
        lambda: compare_page(drawn),
    )


def _plain(subject: CompareSubject) -> dict[str, Any]:
    """The subject as JSON, without what says nothing."""
    goals = {"goals": subject.goals} if subject.goals else {}
    if subject.query is None:
        return {"runs": list(subject.runs), **goals}
    return {"query": subject.query.given, **goals}


def small_compare(view: CompareView) -> CompareView:
    """A comparison with thinned curves; with many values only those that differ stay, and of many runs the first."""
    return fitting(lambda share: _small_compare(first_runs(view, RUNS // share), share))


def first_runs(view: CompareView, most: int) -> CompareView:
    """The comparison without the runs beyond ``most``."""
    if len(view.runs) <= max(most, FEWEST_RUNS):
        return view
    most = max(most, FEWEST_RUNS)

    def cut(row: R) -> R:
        return replace(row, values=row.values[:most])

    def places(found: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(place for place in found if place < most)

    return replace(
        view,
        runs=view.runs[:most],
        params=tuple(map(cut, view.params)),
        tags=tuple(map(cut, view.tags)),
        metrics=tuple(
            replace(cut(row), low=places(row.low), high=places(row.high), best=places(row.best))
            for row in view.metrics
        ),
        overlays=tuple(replace(one, curves=one.curves[:most]) for one in view.overlays),
        more=view.more + len(view.runs) - most,
    )


def _small_compare(view: CompareView, share: int) -> CompareView:
    most = COMPARED // share

    def kept(rows: Sequence[R]) -> tuple[R, ...]:
        differing = [row for row in rows if row.differs] if len(rows) > most else rows
        return tuple(
            replace(row, values=tuple(exact(value, TEXT // share) for value in row.values))
            for row in differing[:most]
        )

    return replace(
        view,
        params=kept(view.params),
        tags=kept(view.tags),
        metrics=kept(view.metrics),
        overlays=_small_overlays(view),
    )


def _small_overlays(view: CompareView) -> tuple[OverlayView, ...]:
    count = sum(1 for one in view.overlays for curve in one.curves if curve is not None)
    limit = points_each(count)
    room = POINTS
    overlays: list[OverlayView] = []
    for overlay in view.overlays:
        small = _small_overlay(overlay, limit)
        room -= sum(len(curve.values) for curve in small.curves if curve is not None)
        if room < 0 and overlays:
            break
        overlays.append(small)
    return tuple(overlays)


def _small_overlay(overlay: OverlayView, limit: int) -> OverlayView:
    curves = (None if one is None else small_curve(one, limit) for one in overlay.curves)
    return replace(overlay, curves=tuple(curves))
