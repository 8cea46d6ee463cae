"""Ghosts: reference runs drawn faintly behind another run's curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aml_magics.records.metric import MetricKind
from aml_magics.services.run import metric, search
from aml_magics.views.chart.curve import curves
from aml_magics.views.chart.direction import direction_of
from aml_magics.views.chart.metric import PointsView, points_view
from aml_magics.views.compare.compare import CURVE_POINTS, ComparedRunView, compared_run
from aml_magics.views.run.source import MOST_SERIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.metric import MetricHead
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class GhostView:
    """A reference run; for the best run ``metric`` names the metric it leads. ``curves`` are by metric."""

    role: Literal["best", "previous"]
    metric: str | None
    run: ComparedRunView
    curves: dict[str, PointsView]


def ghost_views(store: Store, record: RunRecord) -> tuple[GhostView, ...]:
    """The best completed run of the experiment and the run before this one, if they exist.

    The best is found by the first metric whose name says whether more of it is better. Both may be
    one run.
    """
    heads = metric.heads(store, [record])[record.key]
    scalars = [head for head in heads if head.kind is MetricKind.SCALAR]
    names = {head.name for head in scalars}
    ghosts: list[GhostView] = []
    by = next((head.name for head in scalars if direction_of(head.name)), None)
    if by is not None:
        best = search.best(store, record, by, is_higher_better=direction_of(by) == "higher")
        if best is not None:
            ghosts.append(GhostView("best", by, compared_run(best), _curves(store, best, names)))
    previous = search.previous(store, record)
    if previous is not None:
        drawn = _curves(store, previous, names)
        ghosts.append(GhostView("previous", None, compared_run(previous), drawn))
    return tuple(ghosts)


def _curves(store: Store, record: RunRecord, names: set[str]) -> dict[str, PointsView]:
    heads: Sequence[MetricHead] = metric.heads(store, [record])[record.key]
    wanted = [head for head in heads if head.name in names and _is_curve(head)][:MOST_SERIES]
    drawn = {
        name: points_view(series, CURVE_POINTS, record.started)
        for name, series in curves(store, record, wanted).items()
    }
    return {name: points for name, points in drawn.items() if points is not None}


def _is_curve(head: MetricHead) -> bool:
    return head.kind is MetricKind.SCALAR and head.count > 1
