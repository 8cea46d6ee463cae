"""The notebook output of a comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from aml_magics.views.chart.small import COMPARED, POINTS, TEXT, exact, points_each, small_curve
from aml_magics.views.compare.compare import compare_view
from aml_magics.views.compare.follow import CompareSubject, compared
from aml_magics.views.compare.static import CURVES, compare_page
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
R = TypeVar("R", bound="ComparedValueView | ComparedMetricView")


@output
def compare(store: Store, subject: CompareSubject) -> Output:
    """The output of a comparison as it is now."""
    view = compare_view(store, compared(store, subject.runs))
    return compare_output(store.record.name, view)


def compare_output(workspace: str, view: CompareView) -> Output:
    """The output of a comparison."""
    small = small_compare(view)
    drawn = replace(small, overlays=view.overlays[:CURVES])
    return Output(COMPARE, lambda: snapshot_of(workspace, small), lambda: compare_page(drawn))


def small_compare(view: CompareView) -> CompareView:
    """A comparison with thinned curves; with many values only those that differ stay."""
    return fitting(lambda share: _small_compare(view, share))


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
